package dev.kappa.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;

/** Functions that are an image of the user's own: a Go program on scratch, with AWS's runtime client. */
class ImageIT {
    private static final String LOCAL = "kappa/e2e-image:dev";
    private static String reference;
    private static LambdaClient lambda;

    @BeforeAll
    static void install() throws IOException, InterruptedException {
        Command.run(Map.of(), "image/build");
        Installation.everything();
        Cluster.shared().load(List.of(LOCAL, "kappa/hello-image:dev"));
        reference = Cluster.shared().image(LOCAL);
        lambda = Functions.lambda();
    }

    @AfterAll
    static void close() {
        lambda.close();
    }

    private static void image(String name, String spec, String image) {
        Functions.apply("""
                apiVersion: kappa.dev/v1alpha1
                kind: Function
                metadata: {name: NAME, namespace: default}
                spec: {SPEC, code: {image: {IMAGE}}}
                """.replace("NAME", name).replace("SPEC", spec).replace("IMAGE", image));
    }

    @Test
    void theExampleAnswersFromZero() throws Exception {
        Path example = Path.of("../examples/hello-image");
        String local = "kappa/hello-image:dev";
        Functions.apply(Files.readString(example.resolve("function.yaml"))
                .replace("1m", "2s")
                .replace(local, Cluster.shared().image(local)));
        Functions.waitUntilReady("Function", "hello-image");
        Functions.waitForZero("hello-image");

        InvokeResponse answer =
                Functions.invoke(lambda, "hello-image", Files.readString(example.resolve("event.json")));

        System.out.println("cold: " + answer.sdkHttpResponse().headers().get("X-Kappa-Cold-Start"));
        assertThat(answer.functionError()).isNull();
        assertThat(answer.payload().asUtf8String())
                .startsWith("{\"message\":\"Hello, Ada, from an image!\",\"version\":\"$LATEST\"");
        Functions.waitForZero("hello-image");
    }

    @Test
    void itsProcessGetsLambdasEnvironmentAndItsOwn() {
        image(
                "environment",
                "handler: app.handler, memory: 256Mi, environment: [{name: STAGE, value: $(test)}]",
                "reference: " + reference + ", args: [one, $(two)]");
        GenericKubernetesResource function = Functions.waitFor(
                "Function", "environment", it -> Functions.ready(it, "status").equals("True"));

        String answer = Functions.invoke(lambda, "environment", "{}").payload().asUtf8String();

        assertThat(answer)
                .contains("\"stage\":\"$(test)\"", "\"handler\":\"app.handler\"", "\"memory\":\"256\"")
                .contains("\"user\":65532", "\"args\":[\"one\",\"$(two)\"]");
        assertThat(function.<String>get("status", "image")).isEqualTo(reference);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            fail  | "errorMessage":"as asked"
            panic | "errorMessage":"as asked"
            sleep | "errorType":"Sandbox.Timedout"
            exit  | "errorType":"Runtime.ExitError"
            """)
    void whatItDoesWrongIsAFunctionErrorAndTheNextEventRuns(String what, String error) {
        String name = "image-" + what;
        image(name, "timeoutSeconds: 1", "reference: " + reference);
        Functions.waitUntilReady("Function", name);
        for (int round = 0; round < 3; round++) {
            InvokeResponse answer = Functions.invoke(lambda, name, "{\"do\":\"" + what + "\"}");

            assertThat(answer.functionError()).isEqualTo("Unhandled");
            assertThat(answer.payload().asUtf8String()).contains(error);
            long began = System.nanoTime();
            InvokeResponse next = Functions.invoke(lambda, name, "{}");
            long tookMs = (System.nanoTime() - began) / 1_000_000;
            System.out.printf("after %s: %d ms%n", what, tookMs);
            // a container that Kubernetes restarts for the second time waits for 10 s
            assertThat(tookMs).isLessThan(8_000);
            assertThat(next.functionError()).isNull();
            assertThat(next.payload().asUtf8String()).contains("\"user\":65532");
        }
        assertThat(Functions.pods(name).stream().flatMap(ImageIT::waiting)).doesNotContain("CrashLoopBackOff");
    }

    @ParameterizedTest
    @ValueSource(strings = {"exit", "sleep"})
    void nothingThatItsHandlerStartedOutlivesItsEnvironment(String end) throws Exception {
        assumeTrue(Cluster.shared().isOurs(), "this looks at the processes of a node of our own");
        String name = "image-leaves-" + end;
        image(name, "timeoutSeconds: 2, scaling: {max: 1}", "reference: " + reference);
        Functions.waitUntilReady("Function", name);
        assertThat(Functions.invoke(lambda, name, "{\"do\":\"leave\"}").functionError())
                .isNull();
        assertThat(leftBehind(name)).as("while its environment is there").isEqualTo(1);

        InvokeResponse ended = Functions.invoke(lambda, name, "{\"do\":\"leave and " + end + "\"}");
        assertThat(ended.functionError()).isEqualTo("Unhandled");
        assertThat(Functions.invoke(lambda, name, "{}").functionError()).isNull();

        await("nothing is left")
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(250))
                .untilAsserted(() -> assertThat(leftBehind(name)).isZero());
    }

    /** Processes on the node that handlers of a function left behind. */
    private static long leftBehind(String function) throws IOException, InterruptedException {
        String pattern = "left-behin[d]:" + function; // which is not in the search's own command line
        return Cluster.shared()
                .onNode("sh", "-c", "grep -la '" + pattern + "' /proc/[0-9]*/cmdline 2>/dev/null; true")
                .lines()
                .count();
    }

    @Test
    void anEventThatRunsWhenItsPodIsAskedToGoIsFinished() throws Exception {
        image("leaving", "timeoutSeconds: 10", "reference: " + reference);
        Functions.waitUntilReady("Function", "leaving");
        Functions.invoke(lambda, "leaving", "{}");
        Pod pod = Functions.pods("leaving").getFirst();
        Thread caller = Thread.ofVirtual().unstarted(() -> {
            Cluster.shared().client().resource(pod).delete();
        });

        Thread delayed = Thread.ofVirtual().start(() -> {
            try {
                Thread.sleep(500);
                caller.start();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        InvokeResponse answer = Functions.invoke(lambda, "leaving", "{\"do\":\"nap\"}");
        delayed.join();

        assertThat(answer.functionError()).isNull();
        assertThat(answer.payload().asUtf8String()).contains("\"user\":65532");
    }

    @Test
    void aProcessThatExitsAtOnceMakesItsFunctionNotReady() {
        image("stillborn", "timeoutSeconds: 3", "reference: " + reference + ", args: [broken]");

        GenericKubernetesResource function = Functions.waitFor(
                "Function", "stillborn", it -> Functions.ready(it, "reason").equals("HandlerNotLoadable"));

        assertThat(Functions.ready(function, "message")).contains("Runtime.ExitError");
        assertThat(Functions.invoke(lambda, "stillborn", "{}").payload().asUtf8String())
                .contains("Runtime.ExitError");
    }

    @Test
    void anImageWithoutDigestIsWarnedOf() throws Exception {
        assertThat(Installation.tool(
                        "kubectl", "apply", "--dry-run=server", "-f", "../examples/hello-image/function.yaml"))
                .contains("Warning: ", "kappa/hello-image:dev has no digest");
    }

    @Test
    void anImageThatIsNotThereMakesItsFunctionNotReady() {
        image("unpullable", "timeoutSeconds: 3", "reference: registry.invalid/nothing:1");

        Functions.waitFor(
                "Function", "unpullable", it -> Functions.ready(it, "reason").matches("ErrImagePull|ImagePullBackOff"));
    }

    @Test
    void aVersionKeepsTheImage() {
        image("frozen", "timeoutSeconds: 3", "reference: " + reference);
        Functions.waitUntilReady("Function", "frozen");
        Functions.apply("""
                apiVersion: kappa.dev/v1alpha1
                kind: Version
                metadata: {name: frozen.1, namespace: default}
                spec: {function: frozen, number: 1}
                """);

        GenericKubernetesResource version = Functions.waitFor(
                "Version", "frozen.1", it -> Functions.ready(it, "status").equals("True"));

        assertThat(version.<String>get("spec", "snapshot", "function", "code", "image", "reference"))
                .isEqualTo(reference);
        assertThat(version.<String>get("status", "image")).isEqualTo(reference);
        assertThat(Functions.invoke(lambda, "frozen:1", "{}").executedVersion()).isEqualTo("1");
    }

    private static Stream<String> waiting(Pod pod) {
        return pod.getStatus().getContainerStatuses().stream()
                .map(ContainerStatus::getState)
                .filter(it -> it.getWaiting() != null)
                .map(it -> it.getWaiting().getReason());
    }
}
