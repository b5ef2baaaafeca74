package dev.kappa.controlplane.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.lambda.model.LambdaModel;
import dev.kappa.lambda.model.Operation;
import dev.kappa.lambda.model.PathTemplate;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FunctionCallsTest extends ControlCalls {
    @Test
    void showsAFunctionAsLambdaDoes() throws Exception {
        api.store.packages.put("default/" + SHA256, new byte[321]);

        JsonObject answer = ok(200, "GET", "/hello", "");
        JsonObject configuration = answer.getJsonObject("Configuration");

        assertThat(configuration)
                .isEqualTo(new JsonObject("""
                        {"FunctionName": "hello", "FunctionArn": "ARN", "Runtime": "nodejs20.x", "Handler": "app.handler",
                         "Role": "arn:aws:iam::000000000000:role/default", "CodeSize": 321, "CodeSha256": "SHA",
                         "Description": "", "Timeout": 7, "MemorySize": 1024, "EphemeralStorage": {"Size": 512},
                         "LastModified": "2026-01-02T03:04:05.000+0000", "Version": "$LATEST", "PackageType": "Zip",
                         "Environment": {"Variables": {"STAGE": "prod"}}, "TracingConfig": {"Mode": "PassThrough"},
                         "Architectures": ["x86_64"],
                         "LoggingConfig": {"LogFormat": "Text", "LogGroup": "/aws/lambda/hello"},
                         "SnapStart": {"ApplyOn": "None", "OptimizationStatus": "Off"},
                         "State": "Active", "LastUpdateStatus": "Successful"}
                        """.replace("ARN", ARN).replace("SHA", BASE64))
                        .put("RevisionId", configuration.getString("RevisionId")));
        assertThat(answer.getJsonObject("Concurrency").getInteger("ReservedConcurrentExecutions"))
                .isEqualTo(4);
        assertThat(answer.containsKey("Code")).isTrue();
    }

    @Test
    void changesTheRevisionWithTheSpecAlone() throws Exception {
        String before = revision();
        function(spec(), status(1, "c1", 5));
        assertThat(revision()).isEqualTo(before);
        function(spec().put("handler", "b.handler"), status(2, "c2", 5));
        assertThat(revision()).isNotEqualTo(before);
    }

    private String revision() throws Exception {
        return ok(200, "GET", "/hello/configuration", "").getString("RevisionId");
    }

    @Test
    void resolvesTheQualifier() throws Exception {
        version(1, "c1");
        alias("live", "{\"version\": 1}");

        JsonObject byAlias = ok(200, "GET", "/hello/configuration?Qualifier=live", "");
        assertThat(byAlias.getString("FunctionArn")).isEqualTo(ARN + ":live");
        assertThat(byAlias.getString("Version")).isEqualTo("1");
        assertThat(ok(200, "GET", "/hello:1/configuration", "").getString("Version"))
                .isEqualTo("1");
        assertThat(ok(200, "GET", "/hello:$LATEST/configuration", "").getString("FunctionArn"))
                .isEqualTo(ARN + ":$LATEST");
        for (String missing : new String[] {"hello:2", "hello:dead", "nobody", "he_llo", "hello."}) {
            refused(404, "ResourceNotFoundException", "Function not found: ", "GET", "/" + missing, "");
        }
    }

    @Test
    void tellsForWhatClientsWait() throws Exception {
        state(status(1, "c1", 0).put("conditions", conditions("Unknown", "True", "Starting", "soon")), "Pending", null);
        state(new JsonObject(), "Pending", null);
        state(
                status(1, "c1", 0).put("conditions", conditions("False", "True", "HandlerNotLoadable", "no app")),
                "Failed",
                "Failed");
        JsonObject failed = ok(200, "GET", "/hello/configuration", "");
        assertThat(failed.getString("StateReasonCode")).isEqualTo("FunctionError");
        assertThat(failed.getString("StateReason")).isEqualTo("no app");

        function(spec().put("handler", "b.handler"), status(1, "c1", 0));
        state(status(1, "c1", 0), "Active", "InProgress");
        state(
                status(2, "c1", 0).put("conditions", conditions("False", "False", "FetchFailed", "404")),
                "Active",
                "Failed");
        assertThat(ok(200, "GET", "/hello/configuration", "").getString("LastUpdateStatusReasonCode"))
                .isEqualTo("InvalidZipFileException");
        state(status(2, "c1", 0), "Active", "Successful");
    }

    private void state(JsonObject status, String state, @Nullable String update) throws Exception {
        Resource function = resources.get(Kind.FUNCTION, "default", "hello").orElseThrow();
        function(function.spec(), status);
        JsonObject configuration = ok(200, "GET", "/hello/configuration", "");
        assertThat(configuration.getString("State")).isEqualTo(state);
        assertThat(configuration.getString("LastUpdateStatus")).isEqualTo(update);
    }

    @Test
    void listsFunctionsAndTheirVersions() throws Exception {
        resources.put(Kind.FUNCTION, "aloha", spec(), status(1, "c1", 0));
        version(2, "c2");

        assertThat(arns(ok(200, "GET", "/", ""))).containsExactly(ARN.replace("hello", "aloha"), ARN);
        assertThat(arns(ok(200, "GET", "?FunctionVersion=ALL&MaxItems=2", "")))
                .containsExactly(ARN.replace("hello", "aloha:$LATEST"), ARN + ":$LATEST");
        assertThat(arns(ok(200, "GET", "?FunctionVersion=ALL", ""))).contains(ARN + ":2");
        refused(400, "ValidationException", "at 'functionVersion'", "GET", "?FunctionVersion=1", "");
    }

    private static List<String> arns(JsonObject page) {
        return page.getJsonArray("Functions").stream()
                .map(it -> ((JsonObject) it).getString("FunctionArn"))
                .toList();
    }

    @Test
    void saysWhatIsNotBuiltAndWhatIsNone() throws Exception {
        refused(
                501,
                "ServiceException",
                "PutFunctionRecursionConfig is not served by Kappa. Events that come through",
                "PUT",
                "/2024-08-31/functions/hello/recursion-config",
                "{\"RecursiveLoop\": \"Allow\"}");
        refused(404, "UnknownOperationException", "Nothing is served", "PUT", "/hello/aliases", "");
        refused(400, "ValidationException", "at 'functionName'", "GET", "/he%20llo", "");
        refused(400, "ValidationException", "equal to 140", "GET", "/" + "x".repeat(141) + "/aliases", "");
        refused(413, "RequestTooLargeException", "PublishVersion", "POST", "/hello/versions", "x".repeat(1 << 21));
        refused(400, "InvalidRequestContentException", "into json", "POST", "/hello/versions", "{");
        refused(
                400,
                "SerializationException",
                "NUMBER_VALUE can not be converted to a String",
                "POST",
                "/hello/versions",
                "{\"Description\": 1}");
    }

    @Test
    void knowsEveryOperation() throws Exception {
        List<String> served = new ArrayList<>();
        for (Operation operation : LambdaModel.get().operations()) {
            PathTemplate path = operation.path();
            String query = path.query().entrySet().stream()
                    .map(it -> it.getKey() + "=" + it.getValue())
                    .collect(Collectors.joining("&", "?Qualifier=1&", ""));
            String target = "/" + String.join("/", path.segments()).replaceAll("\\{\\w+}", "x") + query;
            HttpResponse<String> answer = call(operation.method(), target, "");
            if (answer.statusCode() == 501) {
                assertThat(answer.body()).contains("{\"Type\":\"Service\",\"Message\":\"" + operation.name() + " is ");
            } else {
                assertThat(answer.statusCode()).as(operation.name()).isLessThan(500);
                assertThat(answer.headers().firstValue("x-amzn-ErrorType"))
                        .as(operation.name())
                        .isNotEqualTo(Optional.of("UnknownOperationException"));
                served.add(operation.name());
            }
        }
        assertThat(served).hasSizeGreaterThan(14).contains("CreateAlias", "GetFunction", "PublishVersion");
        assertThat(served).doesNotContainAnyElementsOf(NotServed.operations());
    }

    @Test
    void saysWhatIsTheSameForAllFunctions() throws Exception {
        assertThat(ok(200, "GET", "/2020-06-30/functions/hello/code-signing-config", "")
                        .encode())
                .isEqualTo("{}");
        assertThat(ok(200, "GET", "/2024-08-31/functions/hello/recursion-config", "")
                        .encode())
                .isEqualTo("{\"RecursiveLoop\":\"Terminate\"}");
        assertThat(ok(200, "GET", "/2021-07-20/functions/hello/runtime-management-config", "")
                        .encode())
                .isEqualTo("{\"UpdateRuntimeOn\":\"Auto\",\"FunctionArn\":\"" + ARN + "\"}");
        refused(
                404,
                "ResourceNotFoundException",
                "Function not found",
                "GET",
                "/2020-06-30/functions/nobody/code-signing-config",
                "");
    }

    @Test
    void refusesMembersThatItDoesNotHaveWhereverTheyAre() throws Exception {
        for (String[] refused : new String[][] {
            {"PublishTo", "/hello/versions", "{\"PublishTo\": \"LATEST_PUBLISHED\"}"},
            {"SourceKMSKeyArn", "", """
                {"FunctionName": "a", "Role": "arn:aws:iam::000000000000:role/default",
                 "Code": {"ZipFile": "eA==", "SourceKMSKeyArn": "arn:aws:kms:us-east-1:000000000000:key/a"}}"""}
        }) {
            refused(
                    400,
                    "InvalidParameterValueException",
                    refused[0] + " is not supported by Kappa",
                    "POST",
                    refused[1],
                    refused[2]);
        }
    }

    @Test
    void saysNothingOfOperationsThatThereAreNot() {
        assertThat(LambdaModel.get().operations().stream().map(Operation::name)).containsAll(NotServed.operations());
    }

    @Test
    void readsQuantities() {
        assertThat(Mebibytes.of("128Mi", 0)).isEqualTo(128);
        assertThat(Mebibytes.of("1.5Gi", 0)).isEqualTo(1536);
        assertThat(Mebibytes.of("134217728", 0)).isEqualTo(128);
        assertThat(Mebibytes.of(134217728, 0)).isEqualTo(128);
        assertThat(Mebibytes.of("1G", 0)).isEqualTo(954);
        assertThat(Mebibytes.of("much", 7)).isEqualTo(7);
    }
}
