package dev.kappa.lambda.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.RefusedException;
import dev.kappa.lambda.ThrottleReason;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LambdaModelTest {
    private final LambdaModel model = LambdaModel.get();

    private static CallHead head(String method, String path, String query) {
        return new CallHead(method, path, query, name -> null);
    }

    private String routed(String method, String path, String query) {
        return model.route(head(method, path, query)).map(Operation::name).orElse("none");
    }

    private Members input(String operation, String path, String body) {
        Operation it = model.operation(operation);
        String[] parts = path.split("\\?", 2);
        CallHead head = head(it.method(), parts[0], parts.length > 1 ? parts[1] : "");
        return model.input(it, head, body.getBytes(StandardCharsets.UTF_8));
    }

    private void refused(String type, String message, String operation, String path, String body) {
        assertThatThrownBy(() -> input(operation, path, body)).isInstanceOfSatisfying(RefusedException.class, e -> {
            assertThat(e.error().type()).isEqualTo(type);
            assertThat(e.error().status()).isEqualTo(400);
            assertThat(e.error().body())
                    .containsEntry(type.startsWith("Serialization") ? "Message" : "message", message);
        });
    }

    @Test
    void findsTheOperation() {
        assertThat(routed("GET", "/2015-03-31/functions", "")).isEqualTo("ListFunctions");
        assertThat(routed("GET", "/2015-03-31/functions/", "MaxItems=1")).isEqualTo("ListFunctions");
        assertThat(routed("GET", "/2015-03-31/functions/hello", "")).isEqualTo("GetFunction");
        assertThat(routed("GET", "/2018-10-31/layers", "")).isEqualTo("ListLayers");
        assertThat(routed("GET", "/2018-10-31/layers", "find=LayerVersion&Arn=a"))
                .isEqualTo("GetLayerVersionByArn");
        assertThat(routed("GET", "/2019-09-30/functions/f/provisioned-concurrency", "Qualifier=1"))
                .isEqualTo("GetProvisionedConcurrencyConfig");
        assertThat(routed("GET", "/2019-09-30/functions/f/provisioned-concurrency", "List=ALL"))
                .isEqualTo("ListProvisionedConcurrencyConfigs");
        assertThat(routed("PATCH", "/2015-03-31/functions", "")).isEqualTo("none");
        assertThat(routed("GET", "/2015-03-31/nothing", "")).isEqualTo("none");
        assertThat(routed("GET", "/", "")).isEqualTo("none");
        assertThat(routed("GET", "", "")).isEqualTo("none");
    }

    @Test
    void takesTheRestOfAPathForAGreedyLabel() {
        PathTemplate template = PathTemplate.of("/a/{Name}/{Rest+}?x=1");

        assertThat(template.labels(List.of("a", "b%2Fc", "d", "e%20f")))
                .hasValue(Map.of("Name", "b/c", "Rest", "d/e f"));
        assertThat(template.labels(List.of("a", "b"))).isEmpty();
        assertThat(template.query()).isEqualTo(Map.of("x", "1"));
    }

    @Test
    void readsLabelsQueriesAndHeaders() {
        Members tags = input(
                "UntagResource",
                "/2017-03-31/tags/arn%3Aaws%3Alambda%3Aus-east-1%3A000000000000%3Afunction%3Ahello?tagKeys=a%20b&tagKeys=c+d",
                "");
        assertThat(tags.text("Resource")).isEqualTo("arn:aws:lambda:us-east-1:000000000000:function:hello");
        assertThat(tags.list("TagKeys", String.class)).containsExactly("a b", "c d");
        assertThat(input("ListFunctions", "/2015-03-31/functions?MaxItems=7&Marker=m", "")
                        .integer("MaxItems"))
                .isEqualTo(7);
        assertThat(input("GetLayerVersion", "/2018-10-31/layers/l/versions/5", "")
                        .whole("VersionNumber"))
                .isEqualTo(5L);
        Operation invoke = model.operation("Invoke");
        CallHead call = new CallHead(
                "POST",
                "/2015-03-31/functions/hello.media/invocations",
                null,
                name -> name.equals("X-Amz-Invocation-Type") ? "Event" : null);
        Members event = model.input(invoke, call, new byte[] {1, 2});
        assertThat(event.text("FunctionName")).isEqualTo("hello.media");
        assertThat(event.text("InvocationType")).isEqualTo("Event");
        assertThat(event.bytes("Payload")).containsExactly(1, 2);
    }

    @Test
    void readsTheBody() {
        Members input = input("CreateFunction", "/2015-03-31/functions", """
                {"FunctionName": "hello", "Role": "arn:aws:iam::000000000000:role/r", "Runtime": "nodejs22.x",
                 "Code": {"ZipFile": "AAEC", "Unknown": 1}, "Timeout": 7.0, "Publish": true, "Description": null,
                 "Environment": {"Variables": {"B_1": "b", "A_1": ""}}, "VpcConfig": {"SubnetIds": ["subnet-1", null]}}
                """);

        assertThat(Objects.requireNonNull(input.structure("Code")).bytes("ZipFile"))
                .containsExactly(0, 1, 2);
        assertThat(input.integer("Timeout")).isEqualTo(7);
        assertThat(input.flag("Publish")).isTrue();
        assertThat(input.has("Description")).isFalse();
        assertThat(Objects.requireNonNull(input.structure("Environment")).map("Variables", String.class))
                .containsExactly(Map.entry("B_1", "b"), Map.entry("A_1", ""));
        assertThat(Objects.requireNonNull(input.structure("VpcConfig")).list("SubnetIds", String.class))
                .containsExactly("subnet-1");
        assertThatThrownBy(() -> input.text("Descripton")).hasMessageContaining("has no member Descripton");
        assertThatThrownBy(() -> input.text("Timeout")).hasMessageContaining("is a Integer");
    }

    @Test
    void refusesInTheRecordedWords() {
        String create = "{\"FunctionName\": \"hello\", \"Role\": \"arn:aws:iam::000000000000:role/r\", \"Code\": {}";
        refused(
                "ValidationException",
                "1 validation error detected: Value '[x]' at 'architectures' failed to satisfy constraint: Member must satisfy"
                        + " constraint: [Member must satisfy enum value set: [x86_64, arm64], Member must not be null]",
                "CreateFunction",
                "/2015-03-31/functions",
                create + ", \"Architectures\": [\"x\"]}");
        refused(
                "ValidationException",
                "1 validation error detected: Value '{2=1.5}' at 'routingConfig.additionalVersionWeights' failed to satisfy"
                        + " constraint: Map value must satisfy constraint: [Member must have value less than or equal to 1.0,"
                        + " Member must have value greater than or equal to 0.0, Member must not be null]",
                "CreateAlias",
                "/2015-03-31/functions/hello/aliases",
                "{\"Name\": \"a\", \"FunctionVersion\": \"1\","
                        + " \"RoutingConfig\": {\"AdditionalVersionWeights\": {\"2\": 1.5}}}");
        refused(
                "ValidationException",
                "1 validation error detected: Value at 'environment.variables' failed to satisfy constraint: Map keys must"
                        + " satisfy constraint: [Member must satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+,"
                        + " Member must not be null]",
                "UpdateFunctionConfiguration",
                "/2015-03-31/functions/hello/configuration",
                "{\"Environment\": {\"Variables\": {\"1\": \"secret\"}}}");
        refused(
                "ValidationException",
                "3 validation errors detected: Value null at 'functionName' failed to satisfy constraint: Member must not be"
                        + " null; Value null at 'role' failed to satisfy constraint: Member must not be null; Value null at"
                        + " 'code' failed to satisfy constraint: Member must not be null",
                "CreateFunction",
                "/2015-03-31/functions",
                "{}");
        refused(
                "SerializationException",
                "STRING_VALUE can not be converted to an Integer",
                "CreateFunction",
                "/2015-03-31/functions",
                create + ", \"Timeout\": \"x\"}");
        refused(
                "InvalidRequestContentException",
                "Could not parse request body into json: No content to map due to end-of-input",
                "CreateFunction",
                "/2015-03-31/functions",
                " ");
        refused(
                "InvalidRequestContentException",
                "Could not parse request body into json: Document nesting depth (101) exceeds the maximum allowed (100, from"
                        + " `StreamReadConstraints.getMaxNestingDepth()`)",
                "CreateFunction",
                "/2015-03-31/functions",
                "[".repeat(50_000));
    }

    @Test
    void refusesRuntimesAndLongNamesAsTheServiceDoes() {
        String create = "{\"FunctionName\": \"NAME\", \"Role\": \"arn:aws:iam::000000000000:role/r\", \"Code\": {},"
                + " \"Runtime\": \"RUNTIME\"}";
        assertThat(input("CreateFunction", "/2015-03-31/functions", create.replace("RUNTIME", "ruby4.0"))
                        .text("FunctionName"))
                .isEqualTo("NAME");
        String invalid = "InvalidParameterValueException";
        assertThatThrownBy(() -> input("CreateFunction", "/2015-03-31/functions", create))
                .hasMessageContaining(invalid)
                .hasMessageContaining(
                        "Value RUNTIME at 'runtime' failed to satisfy constraint: Member must satisfy enum value"
                                + " set: [nodejs20.x, python3.14, ")
                .hasMessageContaining(", java8.al2] or be a valid ARN");
        refused(
                invalid,
                "The runtime parameter of go1.x is no longer supported for creating or updating AWS Lambda functions. We"
                        + " recommend you use a supported runtime while creating or updating functions.",
                "CreateFunction",
                "/2015-03-31/functions",
                create.replace("RUNTIME", "go1.x"));
        String name = "x".repeat(65);
        refused(
                invalid,
                "1 validation error detected: Value '" + name
                        + "' at 'functionName' failed to satisfy constraint: Member must"
                        + " have length less than or equal to 64",
                "CreateFunction",
                "/2015-03-31/functions",
                create.replace("RUNTIME", "java25").replace("NAME", name));
    }

    /** A pattern that goes back and forth over a text of megabytes must not hold a thread. */
    @Test
    void givesUpOnTextsThatTakeAPatternTooLong() {
        TextPattern pattern = new TextPattern("(([a-z]|[a-z][a-z\\-]*[a-z])\\.)*x");
        assertThat(pattern.matches("a.b.x")).isTrue();
        assertThat(pattern.matches("a-".repeat(1 << 20))).isFalse();
        assertThat(new TextPattern("[a-zA-Z]([a-zA-Z0-9_])+").matches("A".repeat(1000)))
                .isTrue();
    }

    @Test
    void writesWhatTheModelHas() {
        Answer answer = model.output(
                model.operation("GetFunctionEventInvokeConfig"),
                Map.of(
                        "LastModified",
                        Instant.ofEpochMilli(1_700_000_000_123L),
                        "MaximumRetryAttempts",
                        2,
                        "DestinationConfig",
                        Map.of("OnSuccess", Map.of())));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(new String(answer.body(), StandardCharsets.UTF_8))
                .isEqualTo("{\"LastModified\":1700000000.123,\"MaximumRetryAttempts\":2,"
                        + "\"DestinationConfig\":{\"OnSuccess\":{}}}");
        assertThat(model.output(model.operation("DeleteFunction"), Map.of()).status())
                .isEqualTo(204);
        assertThat(model.output(model.operation("DeleteFunction"), Map.of()).body())
                .isEmpty();
        assertThat(model.output(model.operation("CreateAlias"), Map.of()).status())
                .isEqualTo(201);
        Answer invoked = model.output(
                model.operation("Invoke"),
                Map.of("StatusCode", 202, "ExecutedVersion", "1", "Payload", new byte[] {'4', '2'}));
        assertThat(invoked.status()).isEqualTo(202);
        assertThat(invoked.headers()).containsExactly(Map.entry("X-Amz-Executed-Version", "1"));
        assertThat(invoked.body()).containsExactly('4', '2');
    }

    @Test
    void writesNothingThatTheModelLacks() {
        Operation alias = model.operation("GetAlias");
        assertThatThrownBy(() -> model.output(alias, Map.of("Nam", "x")))
                .hasMessage("AliasConfiguration has no member Nam");
        assertThatThrownBy(() -> model.output(alias, Map.of("Name", 1))).hasMessageContaining("cannot be 1");
        assertThatThrownBy(() -> model.output(
                        alias, Map.of("RoutingConfig", Map.of("AdditionalVersionWeights", Map.of("1", "x")))))
                .hasMessageContaining("AliasRoutingConfiguration.AdditionalVersionWeights cannot be x");
        assertThatThrownBy(() -> model.output(model.operation("DeleteAlias"), Map.of("Name", "x")))
                .hasMessageContaining("answers nothing");
        assertThatThrownBy(() -> model.operation("GetNothing")).hasMessage("Lambda has no operation GetNothing");
    }

    @Test
    void knowsTheErrors() {
        new RawModel().errors().forEach((name, raw) -> {
            AwsError error = model.error(name, "why");
            assertThat(error.status()).as(name).isEqualTo(raw.get("error"));
            assertThat(RawModel.map(raw, "members")
                            .keySet()
                            .containsAll(error.body().keySet()))
                    .as(name)
                    .isTrue();
            assertThat(error.body()).containsValue("why");
        });
        assertThatThrownBy(() -> model.error("NoException", "")).hasMessage("Lambda has no error NoException");
    }

    @Test
    void errorsMadeByHandAreTheModels() {
        List<AwsError> byHand = Stream.concat(
                        Stream.of(
                                AwsError.notFound("x"),
                                AwsError.conflict("x"),
                                AwsError.staleRevision(),
                                AwsError.invalidParameter("x"),
                                AwsError.invalidContent("x"),
                                AwsError.recursiveInvocation(1),
                                AwsError.tooLarge(1),
                                AwsError.service(500, "x")),
                        Arrays.stream(ThrottleReason.values()).map(AwsError::throttled))
                .toList();
        for (AwsError error : byHand) {
            ErrorShape shape = Objects.requireNonNull(model.errors().get(error.type()), error.type());
            assertThat(error.status()).as(error.type()).isEqualTo(shape.status());
            assertThat(error.body()).as(error.type()).containsKey(shape.messageField());
        }
    }
}
