package dev.kappa.lambda.model;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A request without its body. */
public final class CallHead {
    private static final Pattern AND = Pattern.compile("&");

    private final String method;
    private final List<String> segments;
    private final Map<String, List<String>> query;
    private final Headers headers;

    /** The headers of a request. */
    public interface Headers {
        /**
         * The value of a header.
         *
         * @param name in any case
         * @return null if there is none
         */
        @Nullable
        String get(String name);
    }

    /**
     * A request.
     *
     * @param method HTTP method
     * @param path still encoded, without the query
     * @param query still encoded, null for none
     * @param headers values of headers
     */
    public CallHead(String method, String path, @Nullable String query, Headers headers) {
        this.method = method;
        this.segments = PathTemplate.split(path);
        this.query = parse(query == null ? "" : query);
        this.headers = headers;
    }

    private static Map<String, List<String>> parse(String query) {
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        for (String parameter : AND.split(query, -1)) {
            int equals = parameter.indexOf('=');
            String name = decode(equals < 0 ? parameter : parameter.substring(0, equals));
            if (!name.isEmpty()) {
                parameters
                        .computeIfAbsent(name, it -> new ArrayList<>())
                        .add(equals < 0 ? "" : decode(parameter.substring(equals + 1)));
            }
        }
        return parameters;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    String method() {
        return method;
    }

    /** Of the path, still encoded. */
    List<String> segments() {
        return segments;
    }

    /**
     * All values of a parameter of the query.
     *
     * @param name of the parameter
     * @return empty if there is none
     */
    public List<String> queried(String name) {
        return query.getOrDefault(name, List.of());
    }

    @Nullable
    String header(String name) {
        return headers.get(name);
    }
}
