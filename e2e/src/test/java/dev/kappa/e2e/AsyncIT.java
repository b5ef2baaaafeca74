package dev.kappa.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvocationType;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;

/** Asynchronous events, dry runs, retries, dead letters and destinations. */
class AsyncIT {
    private static final String FAILS = "def handler(event, context):\n    raise Exception('always bad')";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static LambdaClient lambda;

    @BeforeAll
    static void install() throws IOException, InterruptedException {
        Installation.everything();
        WebHook.start();
        lambda = Functions.lambda();
    }

    @AfterAll
    static void close() {
        lambda.close();
    }

    @Test
    void anEventOfAwsSdkRunsFromZeroAndItsRecordReachesASignedWebHook() throws Exception {
        function(
                "accepts",
                "async: {onSuccess: {url: {format: CloudEvents, location: '" + WebHook.url("/accepts") + "'}}}",
                "return event");
        Functions.waitForZero("accepts");

        InvokeResponse answer = lambda.invoke(it -> it.functionName("accepts")
                .invocationType(InvocationType.EVENT)
                .payload(SdkBytes.fromUtf8String("{\"a\": 1}")));

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(answer.payload().asByteArray()).isEmpty();
        JsonNode call = WebHook.await("/accepts", 1).getFirst();
        JsonNode record = JSON.readTree(call.path("body").asText());
        assertThat(record.at("/requestContext/requestId").asText())
                .isEqualTo(answer.responseMetadata().requestId());
        assertThat(record.at("/requestContext/condition").asText()).isEqualTo("Success");
        assertThat(record.at("/requestPayload/a").asInt()).isEqualTo(1);
        assertThat(record.at("/responsePayload/a").asInt()).isEqualTo(1);
        assertThat(isSigned(call)).isTrue();
        JsonNode headers = call.path("headers");
        assertThat(headers.path("ce-specversion").asText()).isEqualTo("1.0");
        assertThat(headers.path("ce-type").asText()).isEqualTo("dev.kappa.function.succeeded");
        assertThat(headers.path("ce-source").asText()).endsWith(":function:accepts");
        assertThat(headers.path("ce-subject").asText())
                .isEqualTo(answer.responseMetadata().requestId());
        assertThat(headers.path("ce-id").asText())
                .isEqualTo(headers.path("webhook-id").asText())
                .isNotEmpty();
        assertThat(Instant.parse(headers.path("ce-time").asText())).isBefore(Instant.now());
    }

    @Test
    void aFailingEventIsTriedAgainThenKeptToldAndRedriven() throws Exception {
        function("morgue", "async: {onSuccess: {url: {location: '" + WebHook.url("/morgue") + "'}}}", """
                return context.client_context.custom""");
        String settings = "async: {maxRetryAttempts: 1, onFailure: {url: {location: '" + WebHook.url("/failed")
                + "'}}}\n  deadLetter: {function: morgue}";
        Functions.python("fails", settings, FAILS);
        Functions.waitUntilReady("Function", "fails");
        forget("fails");

        String id = Events.accept("fails", "{\"n\": 7}");

        JsonNode outcome = Events.outcome("fails", id);
        assertThat(outcome.path("condition").asText()).isEqualTo("RetriesExhausted");
        assertThat(outcome.path("invocations").asInt()).isEqualTo(2);
        // The outcome is written before whoever is to hear of it, the dead letters among them.
        await().untilAsserted(() ->
                assertThat(Events.outcome("fails", id).path("kept").asBoolean()).isTrue());
        JsonNode record = JSON.readTree(
                WebHook.await("/failed", 1).getFirst().path("body").asText());
        assertThat(record.at("/requestContext/condition").asText()).isEqualTo("RetriesExhausted");
        assertThat(record.at("/requestContext/approximateInvokeCount").asInt()).isEqualTo(2);
        assertThat(record.at("/responseContext/functionError").asText()).isEqualTo("Unhandled");
        assertThat(record.at("/responsePayload/errorMessage").asText()).isEqualTo("always bad");
        JsonNode letter = JSON.readTree(
                WebHook.await("/morgue", 1).getFirst().path("body").asText());
        assertThat(letter.at("/requestPayload/n").asInt()).isEqualTo(7);
        assertThat(letter.at("/responsePayload/RequestID").asText()).isEqualTo(id);
        assertThat(letter.at("/responsePayload/ErrorMessage").asText()).isEqualTo("always bad");
        Functions.waitFor(
                "Function", "fails", it -> Integer.valueOf(1).equals(it.get("status", "async", "deadLetters")));

        function("fails", "async: {onSuccess: {url: {location: '" + WebHook.url("/mended") + "'}}}", "return 'well'");
        assertThat(Events.json("GET", "fails", "dead-letters")
                        .at("/deadLetters/0/requestId")
                        .asText())
                .isEqualTo(id);
        assertThat(Events.json("GET", "fails", "dead-letters/" + id)
                        .path("payload")
                        .asText())
                .isEqualTo("{\"n\": 7}");
        assertThat(Events.json("POST", "fails", "dead-letters/" + id + "/redrive")
                        .path("redriven")
                        .asInt())
                .isEqualTo(1);
        JsonNode mended = JSON.readTree(
                WebHook.await("/mended", 1).getFirst().path("body").asText());
        assertThat(mended.at("/requestPayload/n").asInt()).isEqualTo(7);
        assertThat(Events.json("GET", "fails", "dead-letters").path("total").asInt())
                .isZero();
    }

    @Test
    void deadLettersAreThrownAway() throws Exception {
        Functions.python("thrown", "async: {maxRetryAttempts: 0}", FAILS);
        Functions.waitUntilReady("Function", "thrown");
        forget("thrown");
        for (int i = 0; i < 3; i++) {
            Events.outcome("thrown", Events.accept("thrown", "1"));
        }

        assertThat(Events.json("GET", "thrown", "dead-letters?limit=2")
                        .path("deadLetters")
                        .size())
                .isEqualTo(2);
        assertThat(Events.json("DELETE", "thrown", "dead-letters")
                        .path("deleted")
                        .asInt())
                .isEqualTo(3);
        assertThat(Events.json("GET", "thrown", "dead-letters").path("total").asInt())
                .isZero();
    }

    @Test
    void aSwitchedOffFunctionAcceptsAndRunsNothing() throws Exception {
        function("off", "concurrency: {perInstance: 1, reserved: 0}", "return 1");

        JsonNode outcome = Events.outcome("off", Events.accept("off", "1"));

        assertThat(outcome.path("condition").asText()).isEqualTo("ZeroReservedConcurrency");
        assertThat(outcome.path("invocations").asInt()).isZero();
    }

    @Test
    void anAliasHasSettingsOfItsOwn() throws Exception {
        Functions.python("named", "publish: OnChange", FAILS);
        Functions.waitUntilReady("Version", "named.1");
        Functions.alias("named", "version: 1, async: {maxRetryAttempts: 0}");
        Functions.waitUntilReady("Alias", "named.live");

        JsonNode outcome = Events.outcome("named", Events.accept("named:live", "1"));

        assertThat(outcome.path("invocations").asInt()).isEqualTo(1);
        assertThat(outcome.path("version").asText()).isEqualTo("1");
    }

    @Test
    void aDryRunStartsNothing() throws Exception {
        function("dry", "scaling: {idleTimeout: 1s}", "return 1");
        Functions.waitForZero("dry");

        InvokeResponse answer = lambda.invoke(it -> it.functionName("dry").invocationType(InvocationType.DRY_RUN));
        Thread.sleep(1000);

        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(Functions.pods("dry")).isEmpty();
    }

    @Test
    void aQueueThatIsFullRefusesAndTakesEventsAgainOnceItDrained() throws Exception {
        function("fills", "concurrency: {perInstance: 1, reserved: 1}", "import time; time.sleep(0.5)");
        function("neighbour", "timeoutSeconds: 5", "return 1");
        String megabyte = "\"" + "x".repeat(1024 * 1024 - 2) + "\"";
        List<String> accepted = new ArrayList<>();
        HttpResponse<String> refused = null;
        while (refused == null && accepted.size() < 40) {
            HttpResponse<String> answer = Events.send("fills", megabyte);
            if (answer.statusCode() == 202) {
                accepted.add(answer.headers().firstValue("x-amzn-RequestId").orElseThrow());
            } else {
                refused = answer;
            }
        }

        assertThat(refused).isNotNull();
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.body()).contains("its queue is full").contains("async.queueSize");
        assertThat(Events.outcome("neighbour", Events.accept("neighbour", "1"))
                        .path("condition")
                        .asText())
                .isEqualTo("Success");
        for (String id : accepted) {
            assertThat(Events.outcome("fills", id).path("condition").asText()).isEqualTo("Success");
        }
        Events.accept("fills", megabyte);
    }

    @Test
    void aBrokenDestinationIsTriedAgainAndHoldsUpNobody() throws Exception {
        function("unlucky", "async: {onSuccess: {url: {location: '" + WebHook.url("/broken") + "'}}}", "return 1");
        function("inside", "async: {onSuccess: {url: {location: 'https://kubernetes.default.svc/'}}}", "return 1");
        function("loops", "async: {onSuccess: {function: loops}}", "return 1");
        forget("inside");
        forget("loops");

        String unlucky = Events.accept("unlucky", "1");
        String inside = Events.accept("inside", "1");
        Events.accept("loops", "1");

        assertThat(WebHook.await("/broken", 2)).hasSizeBetween(2, 4);
        assertThat(Events.outcome("unlucky", unlucky).at("/due/0/done").asBoolean())
                .isFalse();
        Functions.waitFor(
                "Function", "inside", it -> Integer.valueOf(1).equals(it.get("status", "async", "deadLetters")));
        assertThat(Events.json("GET", "inside", "dead-letters/" + inside)
                        .at("/outcome/due/0/error")
                        .asText())
                .contains("not a public one");
        Functions.waitFor(
                "Function", "loops", it -> Integer.valueOf(1).equals(it.get("status", "async", "deadLetters")));
    }

    @Test
    void aSlowDestinationIsLeftAndHoldsUpNobody() throws Exception {
        function("sluggish", "async: {onSuccess: {url: {location: '" + WebHook.url("/slow") + "'}}}", "return 1");
        function("brisk", "timeoutSeconds: 5", "return 1");

        Events.accept("sluggish", "1");
        WebHook.await("/slow", 1);
        Events.outcome("brisk", Events.accept("brisk", "1"));

        assertThat(WebHook.got("/slow")).as("the first call is still open").hasSize(1);
        WebHook.await("/slow", 2);
    }

    @Test
    void whatBecomesOfEventsIsMeasured() throws Exception {
        Functions.python("measured", "async: {maxRetryAttempts: 1}", FAILS);
        Functions.waitUntilReady("Function", "measured");
        forget("measured");
        Events.outcome("measured", Events.accept("measured", "1"));
        Functions.waitFor(
                "Function", "measured", it -> Integer.valueOf(1).equals(it.get("status", "async", "deadLetters")));

        assertThat(metrics())
                .containsPattern("kappa_async_received_total[{].*function=\"measured\".*[}] 1")
                .containsPattern("kappa_async_retries_total[{]cause=\"function_error\",function=\"measured\".*[}] 1")
                .containsPattern(
                        "kappa_async_ended_total[{]condition=\"RetriesExhausted\",function=\"measured\".*[}] 1")
                .containsPattern("kappa_async_age_seconds_count[{]function=\"measured\".*[}] 2")
                .containsPattern("kappa_async_dead_letters[{]function=\"measured\".*[}] 1")
                .containsPattern("kappa_async_backlog[{]function=\"measured\".*[}] 0");
    }

    /** What all gateways tell together. */
    private static String metrics() throws Exception {
        StringBuilder all = new StringBuilder();
        for (Pod gateway : Cluster.shared()
                .client()
                .pods()
                .inNamespace(Installation.NAMESPACE)
                .withLabel("app.kubernetes.io/component", "gateway")
                .list()
                .getItems()) {
            all.append(Installation.tool(
                    "kubectl",
                    "get",
                    "--raw",
                    "/api/v1/namespaces/" + Installation.NAMESPACE + "/pods/"
                            + gateway.getMetadata().getName() + ":8082/proxy/metrics"));
        }
        return all.toString();
    }

    private static void function(String name, String settings, String body) {
        Functions.python(name, settings, "def handler(event, context):\n    " + body);
        Functions.waitUntilReady("Function", name);
    }

    /** Dead letters that an earlier run on this cluster left to the name. */
    private static void forget(String function) throws IOException, InterruptedException {
        Events.json("DELETE", function, "dead-letters");
    }

    /** As a receiver verifies it, by the specification of Standard Webhooks. */
    private static boolean isSigned(JsonNode call) throws Exception {
        String answer = Command.run(
                java.util.Map.of(),
                "curl",
                "-sS",
                "-H",
                "Authorization: " + Identity.administrator().bearer(),
                Cluster.shared().endpoint() + "/kappa/v1/webhook-key");
        byte[] raw = Base64.getDecoder()
                .decode(JSON.readTree(answer).path("publicKey").asText().substring("whpk_".length()));
        byte[] prefix = Base64.getDecoder().decode("MCowBQYDK2VwAyEA");
        byte[] encoded = new byte[prefix.length + raw.length];
        System.arraycopy(prefix, 0, encoded, 0, prefix.length);
        System.arraycopy(raw, 0, encoded, prefix.length, raw.length);
        Signature signature = Signature.getInstance("Ed25519");
        signature.initVerify(KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded)));
        JsonNode headers = call.path("headers");
        signature.update((headers.path("webhook-id").asText() + "."
                        + headers.path("webhook-timestamp").asText() + "."
                        + call.path("body").asText())
                .getBytes(StandardCharsets.UTF_8));
        return signature.verify(Base64.getDecoder()
                .decode(headers.path("webhook-signature").asText().substring("v1a,".length())));
    }
}
