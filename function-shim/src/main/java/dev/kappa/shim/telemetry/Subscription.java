package dev.kappa.shim.telemetry;

import com.amazonaws.services.lambda.runtime.serialization.factories.JacksonFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an extension asked for, in the shape of Lambda's Telemetry API (2022-07-01) or of the Logs API (2020-08-15) before it.
 *
 * @param logsApi whether it talks the older API
 * @param schema version of the records
 * @param types platform, function, extension
 * @param tcp whether records leave by TCP, a line each, instead of by HTTP
 * @param port where it listens
 * @param path of the URI
 * @param maxItems most records of a batch
 * @param maxBytes most bytes of a batch
 * @param timeoutMs longest time that a record waits for others
 */
record Subscription(
        boolean logsApi,
        String schema,
        List<String> types,
        boolean tcp,
        int port,
        String path,
        int maxItems,
        int maxBytes,
        int timeoutMs) {
    private static final List<String> TELEMETRY_SCHEMAS = List.of("2022-07-01", "2022-12-13", "2025-01-29");
    private static final List<String> LOGS_SCHEMAS = List.of("2020-08-15", "2021-03-18");
    private static final Set<String> HOSTS = Set.of("sandbox.localdomain", "sandbox", "localhost", "127.0.0.1");

    /**
     * Reads a request.
     *
     * @throws IllegalArgumentException with all that is wrong with it
     */
    static Subscription of(boolean logsApi, byte[] body) {
        return new Reader(logsApi, parsed(body)).read();
    }

    private static Map<?, ?> parsed(byte[] body) {
        try {
            Map<?, ?> json = JacksonFactory.getInstance()
                    .getSerializer(Map.class)
                    .fromJson(new String(body, StandardCharsets.UTF_8));
            if (json != null) {
                return json;
            }
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("the body is not a JSON object", e);
        }
        throw new IllegalArgumentException("the body is not a JSON object");
    }

    private static final class Reader {
        private final boolean logsApi;
        private final Map<?, ?> json;
        private final List<String> wrong = new ArrayList<>();

        Reader(boolean logsApi, Map<?, ?> json) {
            this.logsApi = logsApi;
            this.json = json;
        }

        Subscription read() {
            String schema = schema();
            List<String> types = types();
            Map<?, ?> destination = object("destination");
            boolean tcp = "TCP".equals(destination.get("protocol"));
            if (!tcp && !"HTTP".equals(destination.get("protocol"))) {
                wrong.add("destination.protocol should be HTTP or TCP");
            }
            URI uri = URI.create("/");
            int port = 0;
            if (tcp) {
                port = number(destination, "port", 0, 1, 65_535);
            } else {
                uri = uri(destination.get("URI"));
                port = uri.getPort();
            }
            Map<?, ?> buffering = json.containsKey("buffering") ? object("buffering") : Map.of();
            int items = number(buffering, "maxItems", logsApi ? 10_000 : 1_000, 1_000, 10_000);
            int bytes = number(buffering, "maxBytes", 262_144, 262_144, 1_048_576);
            int timeout = number(buffering, "timeoutMs", 1_000, 25, 30_000);
            if (!wrong.isEmpty()) {
                throw new IllegalArgumentException(String.join("; ", wrong));
            }
            String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
            return new Subscription(logsApi, schema, types, tcp, port, path, items, bytes, timeout);
        }

        private String schema() {
            List<String> known = logsApi ? LOGS_SCHEMAS : TELEMETRY_SCHEMAS;
            Object given = json.get("schemaVersion");
            if (given == null && logsApi) {
                return LOGS_SCHEMAS.getFirst();
            }
            if (!(given instanceof String version) || !known.contains(version)) {
                wrong.add("schemaVersion should be one of " + String.join(", ", known));
                return "";
            }
            return version;
        }

        private List<String> types() {
            List<String> types = new ArrayList<>();
            if (json.get("types") instanceof List<?> given) {
                for (Object type : given) {
                    if (type instanceof String name && Telemetry.TYPES.contains(name)) {
                        types.add(name);
                    } else {
                        wrong.add("types has " + type + ", which is not one of " + String.join(", ", Telemetry.TYPES));
                    }
                }
            }
            if (types.isEmpty()) {
                wrong.add("types should not be empty");
            }
            return types;
        }

        private URI uri(@Nullable Object given) {
            try {
                URI uri = URI.create(given instanceof String text ? text : "");
                if (!"http".equals(uri.getScheme()) || uri.getHost() == null || !HOSTS.contains(uri.getHost())) {
                    wrong.add("URI should be http://sandbox.localdomain:PORT");
                } else if (uri.getPort() < 1) {
                    wrong.add("URI port is not provided");
                }
                return uri;
            } catch (IllegalArgumentException e) {
                wrong.add("URI is malformed: " + e.getMessage());
                return URI.create("/");
            }
        }

        private Map<?, ?> object(String name) {
            if (json.get(name) instanceof Map<?, ?> map) {
                return map;
            }
            wrong.add(name + " should be an object");
            return Map.of();
        }

        private int number(Map<?, ?> of, String name, int otherwise, int least, int most) {
            Object given = of.get(name);
            if (given == null && otherwise > 0) {
                return otherwise;
            }
            if (given instanceof Number number
                    && number.doubleValue() == number.intValue()
                    && number.intValue() >= least
                    && number.intValue() <= most) {
                return number.intValue();
            }
            wrong.add(name + " should be a whole number from " + least + " to " + most);
            return least;
        }
    }
}
