package dev.kappa.controlplane.api;

import dev.kappa.identity.Action;
import dev.kappa.identity.Permission;
import dev.kappa.identity.Target;
import dev.kappa.lambda.Accounts;
import dev.kappa.lambda.FunctionName;
import dev.kappa.lambda.FunctionParameters;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
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
    private final Action action;

    /** What it needs, {@link Action} says under the same name. */
    Operation(String template, int status) {
        this.template = template;
        this.status = status;
        this.action = Action.valueOf(name());
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
     * What a caller must be allowed. Of a name that cannot be read: what a call on the whole default namespace needs; the call
     * itself is refused with what is wrong. Of an account that nobody knows: the same in all namespaces.
     */
    Permission permission(HttpServerRequest request, Accounts accounts) {
        List<String> segments = segments(String.valueOf(request.path()));
        if (segments.size() <= FUNCTION) {
            boolean all = this == LIST_FUNCTIONS && request.getParam("FunctionVersion") != null;
            return (all ? Action.LIST_FUNCTIONS_AND_VERSIONS : action)
                    .on(Target.namespace(accounts.defaultNamespace()), "*");
        }
        Optional<FunctionName> name = FunctionName.parse(FunctionParameters.decode(segments.get(FUNCTION)));
        if (name.isEmpty()) {
            return action.on(Target.namespace(accounts.defaultNamespace()), "*");
        }
        Optional<String> qualifier =
                segments.size() > ALIAS && segments.get(ALIAS - 1).equals("aliases")
                        ? Optional.of(FunctionParameters.decode(segments.get(ALIAS)))
                        : FunctionParameters.qualifier(name.get(), request.getParam("Qualifier"));
        return accounts.resolve(name.get(), qualifier)
                .map(ref -> action.on(new Target(ref.namespace(), ref.function(), ref.qualifier()), accounts.arn(ref)))
                .orElseGet(() -> action.on(
                        new Target("", name.get().name(), qualifier.orElse(null)),
                        accounts.arnOfUnknown(name.get(), qualifier)));
    }

    /** HTTP status of success. */
    int status() {
        return status;
    }
}
