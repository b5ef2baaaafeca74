package dev.kappa.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kappa.e2e.handlers.Logged;
import dev.kappa.e2e.handlers.SampleApi;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.joda.time.DateTime;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.jul.JULServiceProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.LogType;

/** Handlers as others write them for Lambda, with the libraries that they use, run as they are. */
class SamplesIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path SAMPLES = Path.of("samples");

    private static LambdaClient lambda;
    private static Path fetched;

    @BeforeAll
    static void install() throws IOException, InterruptedException {
        List<String> printed = Command.run(Map.of(), "samples/prepare").lines().toList();
        fetched = Path.of(printed.getLast());
        Installation.everything();
        lambda = Functions.lambda();
    }

    @AfterAll
    static void close() {
        lambda.close();
    }

    @Test
    void pythonWithNumPyInALayerAndAModuleOfJavaScriptWithAwsSdkThatAsksIt() throws Exception {
        function(
                "sample-statistics",
                "runtime: python3.12, memory: 256Mi, timeoutSeconds: 30, handler: app.lambda_handler, layers: [{package: {sha256: "
                        + Packages.upload(Files.readAllBytes(fetched.resolve("numpy.zip"))) + "}}]",
                Packages.zip("app.py", Files.readAllBytes(SAMPLES.resolve("python/app.py"))));
        InvokeResponse direct = invoke("sample-statistics", "{\"series\": [1, 2, 3, 4]}");
        String expected = "{\"mean\": 2.5, \"deviation\": 1.118, \"rank\": 4}";
        assertThat(payload(direct).get("body").asText()).isEqualTo(expected);
        assertThat(log(direct)).contains("series of 4 for sample-statistics");

        Path node = fetched.resolve("node.zip");
        assumeTrue(Files.exists(node), "there is no npm, which fetches AWS's SDK");
        function(
                "sample-module",
                "runtime: nodejs22.x, memory: 256Mi, timeoutSeconds: 30, handler: app.handler, serviceAccountName: "
                        + Identity.NAME + ", environment: [{name: STATISTICS, value: sample-statistics}]",
                Files.readAllBytes(node));
        InvokeResponse asked = invoke("sample-module", "{\"queryStringParameters\": {\"series\": \"1,2,3,4\"}}");
        assertThat(payload(asked)).isEqualTo(JSON.readTree("""
                {"statusCode": 200, "headers": {"content-type": "application/json", "warm": true}, "body": BODY}
                """.replace("BODY", JSON.writeValueAsString(expected))));
        assertThat(log(asked)).contains("INFO\tasked sample-statistics 200");
    }

    @Test
    void javaWithAnnotationsEventsAndSlf4j() throws Exception {
        Map<String, byte[]> files = new TreeMap<>();
        for (Class<?> type : List.of(SampleApi.class, SampleApi.Order.class, Logged.class)) {
            String file = type.getName().replace('.', '/') + ".class";
            try (InputStream in = type.getResourceAsStream("/" + file)) {
                files.put(file, in.readAllBytes());
            }
        }
        for (Class<?> type : List.of(
                APIGatewayProxyRequestEvent.class,
                Logger.class,
                JULServiceProvider.class,
                ObjectMapper.class,
                JsonFactory.class,
                DateTime.class,
                JsonProperty.class)) {
            Path jar = Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
            files.put("lib/" + jar.getFileName(), Files.readAllBytes(jar));
        }
        function(
                "sample-orders",
                "runtime: java21, memory: 512Mi, timeoutSeconds: 30, handler: 'dev.kappa.e2e.handlers.SampleApi::order'",
                Packages.zip(files));

        InvokeResponse answer = invoke(
                "sample-orders",
                "{\"httpMethod\": \"POST\", \"body\": \"{\\\"order_id\\\": \\\"o-1\\\", \\\"amount\\\": 21}\"}");

        assertThat(payload(answer)).isEqualTo(JSON.readTree("""
                {"statusCode": 201, "headers": {"x-service": "orders"}, "body": "{\\"doubled\\":42}"}"""));
        assertThat(log(answer)).contains("orders got o-1 for sample-orders");
    }

    @Test
    void rubyWithAVendoredGem() throws Exception {
        function(
                "sample-votes",
                "runtime: ruby3.3, timeoutSeconds: 30, handler: 'app.Votes::Handler.process'",
                Packages.zip(files(SAMPLES.resolve("ruby"))));

        InvokeResponse answer = invoke("sample-votes", "{\"votes\": [\"b\", \"a\", \"b\"]}");

        assertThat(payload(answer).get("body").asText()).isEqualTo("{\"b\":2,\"a\":1}");
        assertThat(log(answer)).contains("tallying for sample-votes");
    }

    @Test
    void goWithAwsEvents() throws Exception {
        function(
                "sample-go",
                "runtime: provided.al2023, timeoutSeconds: 30, handler: bootstrap",
                ConformanceCode.zipOfGo(SAMPLES.resolve("go")));

        InvokeResponse answer = invoke(
                "sample-go",
                "{\"queryStringParameters\": {\"name\": \"Ada\"}, \"requestContext\": {\"http\": {\"method\": \"GET\"}}}");

        JsonNode response = payload(answer);
        assertThat(response.get("body").asText()).isEqualTo("hello Ada by GET");
        assertThat(response.get("headers").toString()).isEqualTo("{\"x-function\":\"sample-go\",\"x-known\":\"yes\"}");
    }

    @Test
    void phpInBrefsManner() throws Exception {
        function(
                "sample-words",
                "runtime: php8.4, timeoutSeconds: 30, handler: index.php",
                Packages.zip(files(SAMPLES.resolve("php"))));

        InvokeResponse answer = invoke("sample-words", "{\"text\": \"the Cat and the hat\"}");

        assertThat(payload(answer))
                .isEqualTo(JSON.readTree(
                        "{\"words\": {\"the\": 2, \"cat\": 1, \"and\": 1, \"hat\": 1}, \"known\": true}"));
        assertThat(log(answer)).contains("counting for ");
    }

    @Test
    void csharpWithASerializerOfItsOwnAndWithStreams() throws Exception {
        byte[] code = ConformanceCode.zipOfDotnet(SAMPLES.resolve("dotnet"), "Orders.dll");
        function("sample-csharp", "runtime: dotnet6, timeoutSeconds: 30, handler: 'Orders::Orders.Api::Place'", code);
        function("sample-stream", "runtime: dotnet10, timeoutSeconds: 30, handler: 'Orders::Orders.Api::Upper'", code);

        InvokeResponse placed = invoke("sample-csharp", "{\"order_id\": \"o-1\", \"unit_price\": 21, \"quantity\": 2}");
        InvokeResponse refused = Functions.invoke(lambda, "sample-csharp", "{\"order_id\": \"o-2\"}");
        InvokeResponse upper = invoke("sample-stream", "\"größer\"");

        assertThat(payload(placed)).isEqualTo(JSON.readTree("{\"order_id\": \"o-1\", \"total_price\": 1050}"));
        assertThat(log(placed)).contains("order o-1\nplaced by sample-csharp\n");
        JsonNode error = payload(refused);
        assertThat(error.get("errorType").asText()).isEqualTo("OrderException");
        assertThat(error.at("/stackTrace/0").asText()).startsWith("at Orders.Api.Place(Order order, ILambdaContext");
        assertThat(error.at("/cause/errorType").asText()).isEqualTo("DivideByZeroException");
        assertThat(upper.payload().asUtf8String()).isEqualTo("\"GRÖßER\"");
    }

    @Test
    void aProgramOfDotnetThatAsksTheRuntimeApiItself() throws Exception {
        function(
                "sample-program",
                "runtime: dotnet8, timeoutSeconds: 30, handler: Program",
                ConformanceCode.zipOfDotnet(SAMPLES.resolve("dotnet-program"), "Program.dll"));

        assertThat(payload(invoke("sample-program", "{\"n\": 1}")))
                .isEqualTo(JSON.readTree("[{\"n\": 1}, {\"n\": 1}]"));
    }

    private static void function(String name, String spec, byte[] code) throws IOException, InterruptedException {
        Functions.apply("""
                apiVersion: kappa.dev/v1alpha1
                kind: Function
                metadata: {name: NAME, namespace: default}
                spec: {SPEC, code: {package: {sha256: CODE}}}
                """.replace("NAME", name).replace("SPEC", spec).replace("CODE", Packages.upload(code)));
        Functions.waitUntilReady("Function", name);
    }

    private static InvokeResponse invoke(String function, String event) {
        InvokeResponse answer = lambda.invoke(it -> it.functionName(function)
                .payload(SdkBytes.fromUtf8String(event))
                .logType(LogType.TAIL));
        assertThat(answer.functionError()).as(answer.payload().asUtf8String()).isNull();
        return answer;
    }

    private static JsonNode payload(InvokeResponse answer) throws IOException {
        return JSON.readTree(answer.payload().asByteArray());
    }

    private static String log(InvokeResponse answer) {
        return new String(Base64.getDecoder().decode(answer.logResult()), StandardCharsets.UTF_8);
    }

    private static Map<String, byte[]> files(Path folder) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                files.put(folder.relativize(path).toString(), Files.readAllBytes(path));
            }
        }
        return files;
    }
}
