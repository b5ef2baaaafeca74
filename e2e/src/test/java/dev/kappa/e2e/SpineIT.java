package dev.kappa.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvalidRequestContentException;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.LogType;
import software.amazon.awssdk.services.lambda.model.RequestTooLargeException;
import software.amazon.awssdk.services.lambda.model.ResourceNotFoundException;
import software.amazon.awssdk.services.lambda.model.TooManyRequestsException;

/** From manifest to answer and back to zero, through AWS's SDK. */
class SpineIT {
    private static final String QUICK = "scaling: {idleTimeout: 2s}";
    private static LambdaClient lambda;

    @BeforeAll
    static void install() throws IOException, InterruptedException {
        Installation.everything();
        lambda = Functions.lambda();
    }

    @AfterAll
    static void close() {
        lambda.close();
    }

    @Test
    void aFunctionAnswersFromZeroAndGoesBackToZero() throws InterruptedException {
        Functions.python("echo", QUICK, "def handler(event, context):\n    return {'got': event}");
        Functions.waitUntilReady("Function", "echo");
        Functions.waitForZero("echo");

        InvokeResponse answer = Functions.invoke(lambda, "echo", "{\"a\": 1}");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.functionError()).isNull();
        assertThat(answer.executedVersion()).isEqualTo("$LATEST");
        assertThat(answer.payload().asUtf8String()).isEqualTo("{\"got\": {\"a\": 1}}");
        assertThat(Functions.pods("echo")).hasSize(1);
        Functions.waitForZero("echo");
    }

    @Test
    void aFunctionCanBeInvokedAtOnce() {
        for (int i = 0; i < 5; i++) {
            String name = "at-once-" + i;
            Functions.python(name, QUICK, "def handler(event, context):\n    return 1");

            assertThat(Functions.invoke(lambda, name, "{}").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void theConnectionOfAHelloProvesWhereItsInstanceListens() throws InterruptedException {
        Functions.python("proven-hello", QUICK, "def handler(event, context):\n    return 1");
        Functions.waitUntilReady("Function", "proven-hello");
        Functions.waitForZero("proven-hello");
        Functions.invoke(lambda, "proven-hello", "{}");

        KubernetesClient client = Cluster.shared().client();
        List<Pod> gateways = client.pods()
                .inNamespace(Installation.NAMESPACE)
                .withLabel("app.kubernetes.io/component", "gateway")
                .list()
                .getItems();
        assertThat(gateways)
                .isNotEmpty()
                .allSatisfy(pod -> assertThat(client.pods().resource(pod).getLog())
                        .as("cold starts wait for the watch of pods")
                        .contains("Gateways: ")
                        .doesNotContain("names the address"));
    }

    @Test
    void aNodeFunctionAnswersWithItsContextAndLog() {
        Functions.apply("""
                apiVersion: kappa.dev/v1alpha1
                kind: Function
                metadata: {name: node, namespace: default}
                spec:
                  runtime: nodejs20
                  handler: index.handler
                  environment: [{name: STAGE, value: test}]
                  code:
                    inline:
                      index.mjs: |
                        export const handler = async (event, context) => {
                          console.log("a line of mine");
                          return [process.env.STAGE, context.functionName, context.awsRequestId,
                            context.getRemainingTimeInMillis() > 0];
                        };
                """);
        Functions.waitUntilReady("Function", "node");

        InvokeResponse answer = lambda.invoke(
                it -> it.functionName("node").logType(LogType.TAIL).payload(SdkBytes.fromUtf8String("{}")));

        assertThat(answer.payload().asUtf8String())
                .startsWith("[\"test\",\"node\",\"")
                .endsWith("\",true]");
        String log = new String(
                java.util.Base64.getDecoder().decode(answer.logResult()), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(log).contains("START RequestId: ", "a line of mine", "END RequestId: ", "REPORT RequestId: ");
    }

    @Test
    void versionsAndAliasesAnswerByNameQualifierAndArn() {
        Functions.python("shop", QUICK, "def handler(event, context):\n    return context.function_version");
        Functions.waitUntilReady("Function", "shop");
        Functions.apply("""
                apiVersion: kappa.dev/v1alpha1
                kind: Version
                metadata: {name: shop.1, namespace: default}
                spec: {function: shop, number: 1}
                """);
        Functions.waitUntilReady("Version", "shop.1");
        Functions.apply("""
                apiVersion: kappa.dev/v1alpha1
                kind: Alias
                metadata: {name: shop.live, namespace: default}
                spec: {function: shop, version: 1}
                """);
        Functions.waitUntilReady("Alias", "shop.live");

        for (String name : List.of("shop:1", "shop:live", "shop.default:live")) {
            InvokeResponse answer = Functions.invoke(lambda, name, "{}");
            assertThat(answer.payload().asUtf8String()).as(name).isEqualTo("\"1\"");
            assertThat(answer.executedVersion()).isEqualTo("1");
        }
        assertThat(lambda.invoke(it -> it.functionName("shop").qualifier("live"))
                        .executedVersion())
                .isEqualTo("1");
        assertThat(Functions.invoke(lambda, "shop", "{}").payload().asUtf8String())
                .isEqualTo("\"$LATEST\"");
        assertThatThrownBy(() -> Functions.invoke(lambda, "shop:2", "{}"))
                .isInstanceOf(ResourceNotFoundException.class);
        assertThatThrownBy(() -> Functions.invoke(lambda, "shop:dead", "{}"))
                .isInstanceOf(ResourceNotFoundException.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            raising | raise ValueError('no such thing') | "errorType": "ValueError"
            sleeping | import time; time.sleep(30) | "errorType":"Sandbox.Timedout"
            exiting | import os; os._exit(3) | "errorType":"Runtime.ExitError"
            hungry | x = bytearray(1 << 30); y = bytes(1 << 30) | "errorType":"Runtime.ExitError"
            """)
    void whatAHandlerDoesWrongIsAFunctionErrorAndTheNextEventRuns(String name, String body, String error) {
        Functions.python(
                name,
                "timeoutSeconds: 1",
                "def handler(event, context):\n    if event.get('good'): return 'fine'\n    " + body + "\n");
        Functions.waitUntilReady("Function", name);

        InvokeResponse answer = Functions.invoke(lambda, name, "{}");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.functionError()).isEqualTo("Unhandled");
        assertThat(answer.payload().asUtf8String()).contains(error);
        assertThat(Functions.invoke(lambda, name, "{\"good\": true}").payload().asUtf8String())
                .isEqualTo("\"fine\"");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            node-raising | throw new TypeError('no such thing') | "errorType":"TypeError"
            node-sleeping | await new Promise(r => setTimeout(r, 30000)) | "errorType":"Sandbox.Timedout"
            node-exiting | process.exit(3) | "errorType":"Runtime.ExitError"
            """)
    void soItIsInNode(String name, String body, String error) {
        Functions.apply("""
                apiVersion: kappa.dev/v1alpha1
                kind: Function
                metadata: {name: NAME, namespace: default}
                spec:
                  runtime: nodejs20
                  handler: index.handler
                  timeoutSeconds: 1
                  code:
                    inline:
                      index.js: |
                        exports.handler = async (event) => { if (event.good) return "fine"; BODY; };
                """.replace("NAME", name).replace("BODY", body));
        Functions.waitUntilReady("Function", name);

        InvokeResponse answer = Functions.invoke(lambda, name, "{}");

        assertThat(answer.functionError()).isEqualTo("Unhandled");
        assertThat(answer.payload().asUtf8String()).contains(error);
        assertThat(Functions.invoke(lambda, name, "{\"good\": true}").payload().asUtf8String())
                .isEqualTo("\"fine\"");
    }

    @Test
    void aHandlerThatCannotBeLoadedMakesItsFunctionNotReady() {
        Functions.python("broken", "", "import nothing_of_the_kind");

        var function = Functions.waitFor(
                "Function", "broken", it -> Functions.ready(it, "reason").equals("HandlerNotLoadable"));

        assertThat(Functions.ready(function, "message")).contains("Runtime.ImportModuleError", "nothing_of_the_kind");
        InvokeResponse answer = Functions.invoke(lambda, "broken", "{}");
        assertThat(answer.functionError()).isEqualTo("Unhandled");
        assertThat(answer.payload().asUtf8String()).contains("Runtime.ImportModuleError");
    }

    @Test
    void aPackageThatIsNotThereMakesItsFunctionNotReady() {
        Functions.apply("""
                apiVersion: kappa.dev/v1alpha1
                kind: Function
                metadata: {name: lost, namespace: default}
                spec: {runtime: java25, handler: a.B, code: {package: {sha256: DIGEST}}}
                """.replace("DIGEST", "ab".repeat(32)));

        var function = Functions.waitFor(
                "Function", "lost", it -> Functions.ready(it, "reason").equals("PackageNotFound"));

        assertThat(Functions.ready(function, "message")).contains("upload it: curl -T");
        // Not only after the minute for which events wait for an instance, when the words are others.
        assertThatThrownBy(() -> Functions.invoke(lambda, "lost", "{}"))
                .hasMessageContaining("No instance of default/lost@$LATEST can start: No package abab")
                .hasMessageContaining("upload it: curl -T");
    }

    @Test
    void clientsGetTheExceptionsOfTheirSdk() {
        Functions.python("switched-off", "concurrency: {reserved: 0}", "def handler(event, context): pass");
        Functions.waitFor("Function", "switched-off", it -> true);

        assertThatThrownBy(() -> Functions.invoke(lambda, "nobody", "{}"))
                .isInstanceOf(ResourceNotFoundException.class)
                .hasMessageContaining("Function not found: arn:aws:lambda:us-east-1:");
        assertThatThrownBy(() -> Functions.invoke(lambda, "switched-off", "{not json"))
                .isInstanceOf(InvalidRequestContentException.class);
        assertThatThrownBy(() -> Functions.invoke(lambda, "switched-off", "\"" + "x".repeat(6 << 20) + "\""))
                .isInstanceOf(RequestTooLargeException.class);
        assertThatThrownBy(() -> Functions.invoke(lambda, "switched-off", "{}"))
                .isInstanceOf(TooManyRequestsException.class)
                .hasMessageContaining("Rate Exceeded");
    }

    @Test
    void manyFirstEventsAreAllAnsweredByNoMoreInstancesThanTheMaximum() throws Exception {
        Functions.python(
                "burst",
                "scaling: {max: 10, idleTimeout: 2s}\n  timeoutSeconds: 30",
                "import time\ndef handler(event, context):\n    time.sleep(0.5)\n    return 'ok'");
        Functions.waitUntilReady("Function", "burst");
        Functions.waitForZero("burst");
        AtomicBoolean watching = new AtomicBoolean(true);
        AtomicInteger most = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> watch = threads.submit(() -> {
                while (watching.get()) {
                    most.accumulateAndGet(Functions.pods("burst").size(), Math::max);
                    Thread.sleep(50);
                }
                return null;
            });
            List<Future<InvokeResponse>> answers = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                answers.add(threads.submit(() -> Functions.invoke(lambda, "burst", "{}")));
            }

            for (Future<InvokeResponse> answer : answers) {
                assertThat(answer.get().payload().asUtf8String()).isEqualTo("\"ok\"");
            }
            watching.set(false);
            watch.get();
        }
        assertThat(most.get()).isBetween(2, 10);
    }

    @Test
    void theLargestEventsAtOnceAreAnsweredByTheSmallestInstance() throws Exception {
        Functions.python(
                "large",
                "concurrency: {perInstance: 4}\n  scaling: {max: 1}\n  timeoutSeconds: 30",
                "def handler(event, context):\n    return event");
        Functions.waitUntilReady("Function", "large");
        String payload = "\"" + "x".repeat((6 << 20) - 2) + "\"";
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<InvokeResponse>> answers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                answers.add(threads.submit(() -> Functions.invoke(lambda, "large", payload)));
            }

            for (Future<InvokeResponse> answer : answers) {
                assertThat(answer.get().functionError()).isNull();
                assertThat(answer.get().payload().asByteArray()).hasSize(payload.length());
            }
        }
        assertThat(Functions.runningPod("large").getStatus().getContainerStatuses())
                .allMatch(it -> it.getRestartCount() == 0);
    }
}
