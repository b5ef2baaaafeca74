package dev.kappa.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kappa.identity.Action;
import dev.kappa.lambda.Accounts;
import dev.kappa.lambda.FunctionRef;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two namespaces, and callers with rights in one of them: every call there is, on what is theirs and what is not. */
class TenantIT {
    private static final List<String> NAMESPACES = List.of("tenant-one", "tenant-two");
    private static final String FUNCTION = "rented";
    private static final String ID = "00000000-0000-4000-8000-000000000001";
    private static final Set<Action> OF_INVOKERS =
            EnumSet.of(Action.INVOKE, Action.INVOKE_WITH_RESPONSE_STREAM, Action.INVOKE_FUNCTION_URL);

    private static final Set<Action> OF_EVERYBODY = EnumSet.of(Action.GET_WEBHOOK_KEY, Action.NOT_SERVED);

    /** They name no namespace, and mean the default one. */
    private static final Set<Action> OF_THE_DEFAULT = EnumSet.of(
            Action.LIST_FUNCTIONS,
            Action.LIST_FUNCTIONS_AND_VERSIONS,
            Action.LIST_LAYERS,
            Action.LIST_LOG_GROUPS,
            Action.GET_ACCOUNT_SETTINGS);

    private static final Accounts ACCOUNTS = new Accounts("us-east-1", "default");

    private static final Pattern STS_ERROR = Pattern.compile("<Code>(.+)</Code>");
    private static final Pattern STS_REQUEST_ID = Pattern.compile("<RequestId>.+</RequestId>");
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final Map<String, String> CALLERS = new TreeMap<>();

    @BeforeAll
    static void install() throws IOException, InterruptedException {
        Installation.everything();
        KubernetesClient client = Cluster.shared().client();
        for (String namespace : NAMESPACES) {
            client.resource(new NamespaceBuilder()
                            .withNewMetadata()
                            .withName(namespace)
                            .endMetadata()
                            .build())
                    .serverSideApply();
            client.resource("""
                            apiVersion: kappa.dev/v1alpha1
                            kind: Function
                            metadata: {name: NAME, namespace: NAMESPACE}
                            spec:
                              runtime: python3.13
                              handler: a.b
                              code: {inline: {a.py: "def b(event, context): pass"}}
                              url: {authType: AWS_IAM}
                            """.replace("NAMESPACE", namespace).replace("NAME", FUNCTION))
                    .serverSideApply();
        }
        for (String namespace : NAMESPACES) {
            client.genericKubernetesResources("kappa.dev/v1alpha1", "Function")
                    .inNamespace(namespace)
                    .withName(FUNCTION)
                    .waitUntilCondition(
                            it -> it != null && Functions.ready(it, "status").equals("True"), 120, TimeUnit.SECONDS);
        }
        String own = NAMESPACES.getFirst();
        CALLERS.put("admin", Identity.administrator().bearer());
        CALLERS.put("developer", Identity.tenant(own, "developer", "kappa-developer"));
        CALLERS.put("invoker", Identity.tenant(own, "invoker", "kappa-invoker"));
        CALLERS.put("nobody", Identity.tenant(own, "nobody", "view"));
    }

    @AfterAll
    static void tidyUp() {
        for (String namespace : NAMESPACES) {
            Cluster.shared().client().namespaces().withName(namespace).delete();
        }
    }

    /** What Kubernetes' roles promise, in words of its own. */
    private static boolean mayCall(String caller, Action action, String namespace) {
        boolean own = namespace.equals(NAMESPACES.getFirst()) && !OF_THE_DEFAULT.contains(action);
        if (action == Action.ASSUME_ROLE) {
            return false; // its right is one of Kubernetes, which no role of Kappa gives
        }
        return OF_EVERYBODY.contains(action)
                || switch (caller) {
                    case "admin" -> true;
                    case "developer" -> own;
                    case "invoker" -> own && OF_INVOKERS.contains(action);
                    default -> own && isRead(action);
                };
    }

    private static boolean isRead(Action action) {
        return switch (action) {
            case GET_FUNCTION,
                    GET_FUNCTION_CONFIGURATION,
                    GET_FUNCTION_CONCURRENCY,
                    LIST_TAGS,
                    LIST_VERSIONS_BY_FUNCTION,
                    LIST_ALIASES,
                    GET_ALIAS,
                    GET_POLICY,
                    GET_FUNCTION_CODE_SIGNING_CONFIG,
                    GET_FUNCTION_RECURSION_CONFIG,
                    GET_RUNTIME_MANAGEMENT_CONFIG,
                    GET_EVENT_SOURCE_MAPPING,
                    LIST_EVENT_SOURCE_MAPPINGS,
                    LIST_LAYER_VERSIONS,
                    GET_LAYER_VERSION,
                    GET_LAYER_VERSION_BY_ARN,
                    GET_LAYER_VERSION_POLICY,
                    GET_FUNCTION_URL_CONFIG,
                    LIST_FUNCTION_URL_CONFIGS,
                    GET_PROVISIONED_CONCURRENCY_CONFIG,
                    LIST_PROVISIONED_CONCURRENCY_CONFIGS,
                    GET_FUNCTION_EVENT_INVOKE_CONFIG,
                    LIST_FUNCTION_EVENT_INVOKE_CONFIGS -> true;
            default -> false;
        };
    }

    /** A call that changes nothing that matters, whoever may make it. */
    private static HttpRequest.Builder call(Action action, String namespace, String function) {
        String lambda = "/2015-03-31/functions/" + function + "." + namespace;
        String events = "/2019-09-25/functions/" + function + "." + namespace + "/event-invoke-config";
        String provisioned = lambda.replace("2015-03-31", "2019-09-30") + "/provisioned-concurrency";
        String url = "/2021-10-31/functions/" + function + "." + namespace + "/url";
        String tags = "/2017-03-31/tags/" + ACCOUNTS.arn(new FunctionRef(namespace, function, null));
        String arn = ACCOUNTS.layerArn(namespace, function);
        String layer = "/2018-10-31/layers/" + arn + "/versions";
        String mappings = "/2015-03-31/event-source-mappings";
        String mapping = "/" + ID.substring(0, 24) + ACCOUNTS.account(namespace);
        String kappa = "/kappa/v1/namespaces/" + namespace;
        String letters = kappa + "/functions/" + function + "/dead-letters";
        return switch (action) {
            case INVOKE -> to("POST", lambda + "/invocations", "1").header("X-Amz-Invocation-Type", "DryRun");
            case INVOKE_WITH_RESPONSE_STREAM ->
                to("POST", lambda.replace("2015-03-31", "2021-11-15") + "/response-streaming-invocations", "1")
                        .header("X-Amz-Invocation-Type", "DryRun");
            case INVOKE_FUNCTION_URL ->
                HttpRequest.newBuilder(URI.create(Cluster.shared().urls() + "/url/" + namespace + "/" + function + "/"))
                        .timeout(Duration.ofSeconds(60));
            case CREATE_FUNCTION_URL_CONFIG -> to("POST", url, "{\"AuthType\": \"AWS_IAM\"}");
            case UPDATE_FUNCTION_URL_CONFIG -> to("PUT", url, "{}");
            case GET_FUNCTION_URL_CONFIG -> to("GET", url, "");
            case DELETE_FUNCTION_URL_CONFIG -> to("DELETE", url + "?Qualifier=live", "");
            case LIST_FUNCTION_URL_CONFIGS -> to("GET", url + "s", "");
            case LIST_FUNCTIONS -> to("GET", "/2015-03-31/functions", "");
            case LIST_FUNCTIONS_AND_VERSIONS -> to("GET", "/2015-03-31/functions?FunctionVersion=ALL", "");
            case GET_FUNCTION -> to("GET", lambda, "");
            case GET_FUNCTION_CONFIGURATION -> to("GET", lambda + "/configuration?Qualifier=99", "");
            case DELETE_FUNCTION -> to("DELETE", lambda + "?Qualifier=99", "");
            case CREATE_FUNCTION ->
                to("POST", "/2015-03-31/functions", """
                    {"FunctionName": "NAME", "Runtime": "python3.13", "Handler": "a.b", "Code": {"ZipFile": "eA=="},
                     "Role": "arn:aws:iam::000000000000:role/default"}
                    """.replace("NAME", function + "." + namespace));
            case UPDATE_FUNCTION_CODE -> to("PUT", lambda + "/code", "{}");
            case UPDATE_FUNCTION_CONFIGURATION -> to("PUT", lambda + "/configuration", "{}");
            case PUBLISH_VERSION -> to("POST", lambda + "/versions", "{\"RevisionId\": \"stale\"}");
            case LIST_VERSIONS_BY_FUNCTION -> to("GET", lambda + "/versions", "");
            case CREATE_ALIAS -> to("POST", lambda + "/aliases", "{\"Name\": \"live\", \"FunctionVersion\": \"99\"}");
            case LIST_ALIASES -> to("GET", lambda + "/aliases", "");
            case GET_ALIAS -> to("GET", lambda + "/aliases/live", "");
            case UPDATE_ALIAS -> to("PUT", lambda + "/aliases/live", "{}");
            case DELETE_ALIAS -> to("DELETE", lambda + "/aliases/live", "");
            case PUT_FUNCTION_EVENT_INVOKE_CONFIG -> to("PUT", events, "{\"MaximumRetryAttempts\": 1}");
            case UPDATE_FUNCTION_EVENT_INVOKE_CONFIG -> to("POST", events, "{\"MaximumRetryAttempts\": 1}");
            case GET_FUNCTION_EVENT_INVOKE_CONFIG -> to("GET", events, "");
            case DELETE_FUNCTION_EVENT_INVOKE_CONFIG -> to("DELETE", events, "");
            case LIST_FUNCTION_EVENT_INVOKE_CONFIGS -> to("GET", events + "/list", "");
            case PUT_FUNCTION_CONCURRENCY ->
                to(
                        "PUT",
                        lambda.replace("2015-03-31", "2017-10-31") + "/concurrency",
                        "{\"ReservedConcurrentExecutions\": 9}");
            case GET_FUNCTION_CONCURRENCY -> to("GET", lambda.replace("2015-03-31", "2019-09-30") + "/concurrency", "");
            case DELETE_FUNCTION_CONCURRENCY ->
                to("DELETE", lambda.replace("2015-03-31", "2017-10-31") + "/concurrency", "");
            case PUT_PROVISIONED_CONCURRENCY_CONFIG ->
                to("PUT", provisioned + "?Qualifier=99", "{\"ProvisionedConcurrentExecutions\": 1}");
            case GET_PROVISIONED_CONCURRENCY_CONFIG -> to("GET", provisioned + "?Qualifier=live", "");
            case DELETE_PROVISIONED_CONCURRENCY_CONFIG -> to("DELETE", provisioned + "?Qualifier=99", "");
            case LIST_PROVISIONED_CONCURRENCY_CONFIGS -> to("GET", provisioned + "?List=ALL", "");
            case TAG_RESOURCE -> to("POST", tags, "{\"Tags\": {\"a\": \"b\"}}");
            case UNTAG_RESOURCE -> to("DELETE", tags + "?tagKeys=a", "");
            case LIST_TAGS -> to("GET", tags, "");
            case GET_ACCOUNT_SETTINGS -> to("GET", "/2016-08-19/account-settings", "");
            case ADD_PERMISSION -> to("POST", lambda + "/policy", """
                        {"StatementId": "one", "Action": "lambda:InvokeFunction", "Principal": "s3.amazonaws.com"}""");
            case REMOVE_PERMISSION -> to("DELETE", lambda + "/policy/absent", "");
            case GET_POLICY -> to("GET", lambda + "/policy", "");
            case GET_FUNCTION_CODE_SIGNING_CONFIG ->
                to("GET", lambda.replace("2015-03-31", "2020-06-30") + "/code-signing-config", "");
            case GET_FUNCTION_RECURSION_CONFIG ->
                to("GET", lambda.replace("2015-03-31", "2024-08-31") + "/recursion-config", "");
            case GET_RUNTIME_MANAGEMENT_CONFIG ->
                to("GET", lambda.replace("2015-03-31", "2021-07-20") + "/runtime-management-config", "");
            case CREATE_EVENT_SOURCE_MAPPING ->
                to(
                        "POST",
                        mappings,
                        "{\"FunctionName\": \"" + function + "." + namespace
                                + "\", \"EventSourceArn\": \"arn:aws:kinesis:us-east-1:000000000000:stream/a\"}");
            case GET_EVENT_SOURCE_MAPPING -> to("GET", mappings + mapping, "");
            case LIST_EVENT_SOURCE_MAPPINGS -> to("GET", mappings + "?FunctionName=" + function + "." + namespace, "");
            case UPDATE_EVENT_SOURCE_MAPPING -> to("PUT", mappings + mapping, "{}");
            case DELETE_EVENT_SOURCE_MAPPING -> to("DELETE", mappings + mapping, "");
            case LIST_LAYERS -> to("GET", "/2018-10-31/layers", "");
            case LIST_LAYER_VERSIONS -> to("GET", layer, "");
            case GET_LAYER_VERSION -> to("GET", layer + "/1", "");
            case GET_LAYER_VERSION_BY_ARN -> to("GET", "/2018-10-31/layers?find=LayerVersion&Arn=" + arn + ":1", "");
            case PUBLISH_LAYER_VERSION -> to("POST", layer, "{\"Content\": {\"ZipFile\": \"eA==\"}}");
            case DELETE_LAYER_VERSION -> to("DELETE", layer + "/1", "");
            case ADD_LAYER_VERSION_PERMISSION -> to("POST", layer + "/1/policy", """
                        {"StatementId": "one", "Action": "lambda:GetLayerVersion", "Principal": "*"}""");
            case GET_LAYER_VERSION_POLICY -> to("GET", layer + "/1/policy", "");
            case REMOVE_LAYER_VERSION_PERMISSION -> to("DELETE", layer + "/1/policy/absent", "");
            case PUT_PACKAGE -> to("PUT", kappa + "/packages", "no zip");
            case READ_LOGS ->
                to("POST", "/", "{\"logGroupName\": \"/aws/lambda/" + function + "." + namespace + "\"}")
                        .header("X-Amz-Target", "Logs_20140328.FilterLogEvents");
            case LIST_LOG_GROUPS -> to("POST", "/", "{}").header("X-Amz-Target", "Logs_20140328.DescribeLogGroups");
            case GET_EVENT -> to("GET", kappa + "/functions/" + function + "/events/" + ID, "");
            case LIST_DEAD_LETTERS -> to("GET", letters, "");
            case GET_DEAD_LETTER -> to("GET", letters + "/" + ID, "");
            case REDRIVE_DEAD_LETTERS -> to("POST", letters + "/redrive", "");
            case DELETE_DEAD_LETTERS -> to("DELETE", letters, "");
            case ASSUME_ROLE ->
                to(
                        "POST",
                        "/",
                        "Action=AssumeRole&RoleSessionName=test&RoleArn=" + ACCOUNTS.roleArn(namespace, function));
            case GET_WEBHOOK_KEY -> to("GET", "/kappa/v1/webhook-key", "");
            case NOT_SERVED -> to("GET", "/2020-04-22/code-signing-configs", "");
        };
    }

    private static HttpRequest.Builder to(String method, String target, String body) {
        return HttpRequest.newBuilder(URI.create(Cluster.shared().endpoint() + target))
                .timeout(Duration.ofSeconds(60))
                .method(method, BodyPublishers.ofString(body));
    }

    private static HttpResponse<String> send(HttpRequest.Builder call, String caller)
            throws IOException, InterruptedException {
        return HTTP.send(call.setHeader("Authorization", caller).build(), BodyHandlers.ofString());
    }

    private static String withoutId(HttpResponse<String> answer) {
        return STS_REQUEST_ID.matcher(answer.body()).replaceAll("");
    }

    private static String type(HttpResponse<String> answer) {
        Matcher ofSts = STS_ERROR.matcher(answer.body());
        return ofSts.find()
                ? ofSts.group(1) + "Exception"
                : answer.headers().firstValue("x-amzn-ErrorType").orElse("");
    }

    @Test
    void everyCallerMayDoWhatItsRoleSaysAndNothingElse() throws Exception {
        List<String> wrong = new ArrayList<>();
        for (String caller : CALLERS.keySet()) {
            for (Action action : Action.values()) {
                for (String namespace : NAMESPACES) {
                    HttpResponse<String> answer =
                            send(call(action, namespace, FUNCTION), String.valueOf(CALLERS.get(caller)));
                    boolean denied = answer.statusCode() == 403 && type(answer).equals("AccessDeniedException");
                    boolean fits = mayCall(caller, action, namespace)
                            ? (answer.statusCode() < 500 && answer.statusCode() != 403) || answer.statusCode() == 501
                            : denied;
                    if (!fits) {
                        wrong.add(caller + " " + action + " " + namespace + ": " + answer.statusCode() + " "
                                + answer.body());
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void whoProvesNothingIsRefusedEverywhere() throws Exception {
        for (Action action : Action.values()) {
            HttpResponse<String> answer = send(call(action, NAMESPACES.getFirst(), FUNCTION), "none");

            assertThat(answer.statusCode()).as("%s", action).isEqualTo(403);
            // A URL says the same whether it is there or not.
            assertThat(type(answer))
                    .as("%s", action)
                    .isEqualTo(
                            action == Action.INVOKE_FUNCTION_URL
                                    ? "AccessDeniedException"
                                    : "MissingAuthenticationTokenException");
        }
        assertThat(type(send(call(Action.LIST_FUNCTIONS, "", ""), "Bearer made.up.token")))
                .isEqualTo("UnrecognizedClientException");
    }

    @Test
    void deniedAndMissingLookTheSame() throws Exception {
        String invoker = String.valueOf(CALLERS.get("invoker"));
        for (Action action : Action.values()) {
            if (OF_THE_DEFAULT.contains(action) || OF_EVERYBODY.contains(action)) {
                continue;
            }
            String foreign = NAMESPACES.getLast();
            HttpResponse<String> denied = send(call(action, foreign, FUNCTION), invoker);
            HttpResponse<String> missing = send(call(action, foreign, "absent"), invoker);

            assertThat(missing.statusCode()).as("%s", action).isEqualTo(denied.statusCode());
            assertThat(withoutId(missing))
                    .as("%s", action)
                    .isEqualTo(withoutId(denied).replace(FUNCTION, "absent"));
        }
    }

    @Test
    void aFunctionsPolicyLetsCallersOfAnotherNamespaceIn() throws Exception {
        String foreign = NAMESPACES.getLast();
        shared(
                foreign,
                "permissions: [{statementId: neighbour, action: 'lambda:InvokeFunction', principal: '"
                        + ACCOUNTS.roleArn(NAMESPACES.getFirst(), "invoker") + "'}]");

        awaitStatus(204, "invoker", Action.INVOKE, foreign);
        for (String caller : List.of("developer", "nobody")) {
            assertThat(status(caller, Action.INVOKE, foreign)).as(caller).isEqualTo(403);
        }
        assertThat(status("invoker", Action.GET_FUNCTION, foreign)).isEqualTo(403);

        shared(foreign, "memory: 128Mi");

        awaitStatus(403, "invoker", Action.INVOKE, foreign);
    }

    private static void shared(String namespace, String spec) {
        Cluster.shared()
                .client()
                .resource("""
                        apiVersion: kappa.dev/v1alpha1
                        kind: Function
                        metadata: {name: shared, namespace: NAMESPACE}
                        spec: {runtime: python3.13, handler: a.b, code: {inline: {a.py: "def b(event, context): pass"}}, SPEC}
                        """.replace("NAMESPACE", namespace).replace("SPEC", spec))
                .forceConflicts()
                .serverSideApply();
    }

    private static int status(String caller, Action action, String namespace) throws IOException, InterruptedException {
        return send(call(action, namespace, "shared"), String.valueOf(CALLERS.get(caller)))
                .statusCode();
    }

    private static void awaitStatus(int status, String caller, Action action, String namespace) {
        await().atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(() ->
                        assertThat(status(caller, action, namespace)).as(caller).isEqualTo(status));
    }

    @Test
    void aKeyOfANamespaceThatTheChartDoesNotNameIsNone() throws Exception {
        Identity stranger = Identity.make(NAMESPACES.getFirst(), "keyed", """
                apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata: {name: NAME, namespace: NAMESPACE}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: kappa-admin}
                subjects: [{kind: ServiceAccount, name: NAME, namespace: NAMESPACE}]
                """);

        String answer = Command.run(
                Map.of(),
                "curl",
                "-sS",
                "-i",
                "--aws-sigv4",
                "aws:amz:us-east-1:lambda",
                "--user",
                stranger.user(),
                Cluster.shared().endpoint() + "/2015-03-31/functions/" + FUNCTION + "." + NAMESPACES.getFirst());

        assertThat(answer).contains("403", "UnrecognizedClientException");
        assertThat(send(call(Action.GET_FUNCTION, NAMESPACES.getFirst(), FUNCTION), stranger.bearer())
                        .statusCode())
                .as("its token")
                .isEqualTo(200);
    }

    @Test
    void curlSigns() throws Exception {
        String answer = Command.run(
                Map.of(),
                "curl",
                "-sS",
                "-i",
                "--aws-sigv4",
                "aws:amz:us-east-1:lambda",
                "--user",
                Identity.administrator().user(),
                Cluster.shared().endpoint() + "/2015-03-31/functions/" + FUNCTION + "." + NAMESPACES.getFirst());

        assertThat(answer).contains("200 OK", FUNCTION);
    }
}
