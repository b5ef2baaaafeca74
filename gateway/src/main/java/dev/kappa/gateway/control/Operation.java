package dev.kappa.gateway.control;

import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The calls of Lambda's control plane, by method and path. */
enum Operation {
    LIST_FUNCTIONS("GET /2015-03-31/functions", 200),
    GET_FUNCTION("GET /2015-03-31/functions/*", 200),
    GET_FUNCTION_CONFIGURATION("GET /2015-03-31/functions/*/configuration", 200),
    DELETE_FUNCTION("DELETE /2015-03-31/functions/*", 204),
    PUBLISH_VERSION("POST /2015-03-31/functions/*/versions", 201),
    LIST_VERSIONS_BY_FUNCTION("GET /2015-03-31/functions/*/versions", 200),
    CREATE_ALIAS("POST /2015-03-31/functions/*/aliases", 201),
    LIST_ALIASES("GET /2015-03-31/functions/*/aliases", 200),
    GET_ALIAS("GET /2015-03-31/functions/*/aliases/*", 200),
    UPDATE_ALIAS("PUT /2015-03-31/functions/*/aliases/*", 200),
    DELETE_ALIAS("DELETE /2015-03-31/functions/*/aliases/*", 204),
    PUT_FUNCTION_EVENT_INVOKE_CONFIG("PUT /2019-09-25/functions/*/event-invoke-config", 200),
    UPDATE_FUNCTION_EVENT_INVOKE_CONFIG("POST /2019-09-25/functions/*/event-invoke-config", 200),
    GET_FUNCTION_EVENT_INVOKE_CONFIG("GET /2019-09-25/functions/*/event-invoke-config", 200),
    DELETE_FUNCTION_EVENT_INVOKE_CONFIG("DELETE /2019-09-25/functions/*/event-invoke-config", 204),
    LIST_FUNCTION_EVENT_INVOKE_CONFIGS("GET /2019-09-25/functions/*/event-invoke-config/list", 200),
    CREATE_FUNCTION("POST /2015-03-31/functions", 501),
    UPDATE_FUNCTION_CODE("PUT /2015-03-31/functions/*/code", 501),
    UPDATE_FUNCTION_CONFIGURATION("PUT /2015-03-31/functions/*/configuration", 501);

    /** Leaves out empty segments at the end. */
    private static final Pattern SLASH = Pattern.compile("/");

    private static final Pattern UNDERSCORE = Pattern.compile("_");
    private static final String ANY = "*";
    private static final int FUNCTION = 2;
    private static final int ALIAS = 4;

    private final String template;
    private final int status;

    Operation(String template, int status) {
        this.template = template;
        this.status = status;
    }

    /** What a call asks for; empty if it is none of these. */
    static Optional<Operation> of(HttpMethod method, String path) {
        List<String> segments = new ArrayList<>(segments(path));
        if (segments.size() > FUNCTION && !segments.get(FUNCTION).isEmpty()) {
            segments.set(FUNCTION, ANY);
        }
        if (segments.size() > ALIAS && segments.get(ALIAS - 1).equals("aliases")) {
            segments.set(ALIAS, ANY);
        }
        String called = method.name() + " /" + String.join("/", segments);
        return Arrays.stream(values()).filter(it -> it.template.equals(called)).findFirst();
    }

    /** The segments of a path, still encoded. */
    static List<String> segments(String path) {
        return Arrays.asList(SLASH.split(path.substring(path.isEmpty() ? 0 : 1)));
    }

    /** As the service names it, such as {@code PublishVersion}. */
    String apiName() {
        return Arrays.stream(UNDERSCORE.split(name()))
                .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining());
    }

    /** HTTP status of success. */
    int status() {
        return status;
    }
}
