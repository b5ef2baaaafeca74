package dev.kappa.controlplane.api;

import dev.kappa.identity.Access;
import dev.kappa.lambda.Accounts;
import dev.kappa.lambda.FunctionName;
import dev.kappa.lambda.FunctionParameters;
import dev.kappa.lambda.FunctionRef;
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
    LIST_FUNCTIONS("GET /2015-03-31/functions", 200, "list functions"),
    GET_FUNCTION("GET /2015-03-31/functions/*", 200, "get functions"),
    GET_FUNCTION_CONFIGURATION("GET /2015-03-31/functions/*/configuration", 200, "get functions"),
    DELETE_FUNCTION("DELETE /2015-03-31/functions/*", 204, "delete functions"),
    PUBLISH_VERSION("POST /2015-03-31/functions/*/versions", 201, "create versions"),
    LIST_VERSIONS_BY_FUNCTION("GET /2015-03-31/functions/*/versions", 200, "list versions"),
    CREATE_ALIAS("POST /2015-03-31/functions/*/aliases", 201, "create aliases"),
    LIST_ALIASES("GET /2015-03-31/functions/*/aliases", 200, "list aliases"),
    GET_ALIAS("GET /2015-03-31/functions/*/aliases/*", 200, "get aliases"),
    UPDATE_ALIAS("PUT /2015-03-31/functions/*/aliases/*", 200, "patch aliases"),
    DELETE_ALIAS("DELETE /2015-03-31/functions/*/aliases/*", 204, "delete aliases"),
    PUT_FUNCTION_EVENT_INVOKE_CONFIG("PUT /2019-09-25/functions/*/event-invoke-config", 200, "patch functions"),
    UPDATE_FUNCTION_EVENT_INVOKE_CONFIG("POST /2019-09-25/functions/*/event-invoke-config", 200, "patch functions"),
    GET_FUNCTION_EVENT_INVOKE_CONFIG("GET /2019-09-25/functions/*/event-invoke-config", 200, "get functions"),
    DELETE_FUNCTION_EVENT_INVOKE_CONFIG("DELETE /2019-09-25/functions/*/event-invoke-config", 204, "patch functions"),
    LIST_FUNCTION_EVENT_INVOKE_CONFIGS("GET /2019-09-25/functions/*/event-invoke-config/list", 200, "get functions"),
    CREATE_FUNCTION("POST /2015-03-31/functions", 501, "create functions"),
    UPDATE_FUNCTION_CODE("PUT /2015-03-31/functions/*/code", 501, "patch functions"),
    UPDATE_FUNCTION_CONFIGURATION("PUT /2015-03-31/functions/*/configuration", 501, "patch functions");

    /** Leaves out empty segments at the end. */
    private static final Pattern SLASH = Pattern.compile("/");

    private static final Pattern UNDERSCORE = Pattern.compile("_");
    private static final String ANY = "*";
    private static final int FUNCTION = 2;
    private static final int ALIAS = 4;

    private final String template;
    private final int status;
    private final String access;

    /** The access is a verb and a resource of Kubernetes. */
    Operation(String template, int status, String access) {
        this.template = template;
        this.status = status;
        this.access = access;
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

    /**
     * What a caller must be allowed; of a function's name that cannot be read, access to all of them: the call itself is
     * refused with what is wrong.
     */
    Access access(String path, Accounts accounts) {
        List<String> segments = segments(path);
        Optional<FunctionRef> ref = segments.size() <= FUNCTION
                ? Optional.empty()
                : FunctionName.parse(FunctionParameters.decode(segments.get(FUNCTION)))
                        .flatMap(name -> accounts.resolve(name, Optional.empty()));
        int space = access.indexOf(' ');
        return new Access(
                access.substring(0, space),
                access.substring(space + 1),
                ref.map(FunctionRef::namespace).orElse(accounts.defaultNamespace()),
                ref.map(FunctionRef::function).orElse(""));
    }

    /** HTTP status of success. */
    int status() {
        return status;
    }
}
