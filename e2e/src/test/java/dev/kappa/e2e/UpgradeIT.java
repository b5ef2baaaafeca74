package dev.kappa.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import software.amazon.awssdk.services.lambda.LambdaClient;

/**
 * An upgrade under load: no synchronous event fails, and every asynchronous one that was accepted ends, once. Only {@code
 * bin/dev upgrade} runs it. It begins with the release whose chart and images the system properties {@code kappa.release.chart}
 * and {@code kappa.release.tag} name; without them with this chart, and goes to other images of the same content.
 */
@Isolated("replaces every part")
class UpgradeIT {
    private static final String RELEASE = System.getProperty("kappa.release.chart", "");
    private static final String STEADY = "upgrade-steady";
    private static final String COLD = "upgrade-cold";
    private static final String QUEUED = "upgrade-queued";
    private static final String PACKAGED = "upgrade-packaged";
    private static final String FAILING = "upgrade-failing";
    private static final List<String> FUNCTIONS = List.of(STEADY, COLD, QUEUED, PACKAGED, FAILING);
    private static final String NO_BYTES = "HTTP/1.1 header parser received no bytes";
    private static final long BEFORE_AND_AFTER_MS = 4_000;
    /** An event that no instance could take is tried again after five minutes at most. */
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(6);

    @BeforeAll
    static void install() throws IOException, InterruptedException {
        assumeTrue(Boolean.getBoolean("kappa.upgrade"), "bin/dev upgrade runs this");
        // A release that knows no callers takes no notice; callers that have keys before the upgrade go on after it.
        Identity.administrator();
        if (RELEASE.isEmpty()) {
            Installation.everything();
        } else {
            Installation.release(Path.of(RELEASE), System.getProperty("kappa.release.tag", ""));
        }
        Functions.apply("""
                apiVersion: kappa.dev/v1alpha1
                kind: Function
                metadata: {name: NAME, namespace: default}
                spec:
                  runtime: nodejs20
                  handler: app.handler
                  scaling: {max: 2}
                  timeoutSeconds: 20
                  code: {inline: {app.js: "exports.handler = async () => 'ok';"}}
                """.replace("NAME", STEADY));
        Functions.python(
                COLD,
                "timeoutSeconds: 20\n  scaling: {max: 1, idleTimeout: 1s}",
                "def handler(event, context):\n    return event");
        Functions.python(
                QUEUED,
                "timeoutSeconds: 20\n  scaling: {max: 2}",
                "import time\ndef handler(event, context):\n    time.sleep(0.02)\n    return event");
        Functions.apply("""
                apiVersion: kappa.dev/v1alpha1
                kind: Function
                metadata: {name: NAME, namespace: default}
                spec: {runtime: python3.13, handler: app.handler, code: {package: {sha256: DIGEST}}}
                """.replace("NAME", PACKAGED).replace("DIGEST", uploaded()));
        Functions.python(
                FAILING, "async: {maxRetryAttempts: 0}", "def handler(event, context):\n    raise Exception('no')");
        for (String function : FUNCTIONS) {
            Functions.waitUntilReady("Function", function);
        }
    }

    private static String uploaded() throws IOException, InterruptedException {
        return Packages.upload(
                Packages.zip("app.py", "def handler(event, context):\n    return event".getBytes(UTF_8)));
    }

    @AfterAll
    static void tidyUp() throws IOException, InterruptedException {
        if (!Boolean.getBoolean("kappa.upgrade")) {
            return;
        }
        for (String function : FUNCTIONS) {
            Functions.delete("Function", function);
        }
        Installation.helm();
    }

    @Test
    void noSynchronousEventFailsAndEveryAcceptedOneEndsOnce() throws Exception {
        String failed = Events.accept(FAILING, "1");
        Events.outcome(FAILING, failed);
        try (Load load = Load.on(STEADY, 3);
                Sporadic sporadic = new Sporadic()) {
            Thread.sleep(BEFORE_AND_AFTER_MS);
            upgrade();
            Thread.sleep(BEFORE_AND_AFTER_MS);
            load.pass(50); // with the new revision, if its image changed

            Map<String, Integer> errors = load.stop();
            sporadic.stop();

            System.out.printf(
                    "upgrade: %d synchronous events, %d cold starts of at most %d ms, broken %s, %d accepted, refused %s%n",
                    load.answered(),
                    sporadic.waits.size(),
                    sporadic.waits.stream().mapToLong(it -> it).max().orElse(0),
                    sporadic.broken,
                    sporadic.accepted.size(),
                    sporadic.refused);
            // Gateways of 0.1.0 do not wait for the events that they have passed on.
            assertThat(errors.keySet()).as("%s", errors).isSubsetOf(only(NO_BYTES));
            assertThat(sporadic.broken.keySet()).allMatch(it -> !RELEASE.isEmpty() && it.contains("Exception"));
            assertThat(sporadic.refused.keySet()).as("%s", sporadic.refused).isSubsetOf(only("503"));
            assertThat(sporadic.accepted).isNotEmpty().doesNotHaveDuplicates();
            assertThat(sporadic.accepted).allSatisfy(UpgradeIT::succeeds);
            assertThat(Events.json("GET", QUEUED, "dead-letters").path("total").asInt())
                    .isZero();
        }
        whatWasKeptIsThere(failed);
    }

    /** The outcome, the dead letter and the package of before. */
    private static void whatWasKeptIsThere(String failed) throws IOException, InterruptedException {
        assertThat(Events.outcome(FAILING, failed).path("condition").asText()).isEqualTo("RetriesExhausted");
        assertThat(Events.json("GET", FAILING, "dead-letters").path("total").asInt())
                .isOne();
        try (LambdaClient lambda = Functions.lambda()) {
            assertThat(Functions.invoke(lambda, PACKAGED, "1").payload().asUtf8String())
                    .isEqualTo("1");
        }
    }

    private static void succeeds(String id) throws IOException {
        JsonNode outcome = Events.outcome(QUEUED, id, LONGEST_PAUSE);
        assertThat(outcome.path("condition").asText()).as("%s", outcome).isEqualTo("Success");
    }

    /** What may happen in an upgrade from 0.1.0: see the chart's README. */
    private static List<String> only(String... whileItLeaves) {
        return RELEASE.isEmpty() ? List.of() : List.of(whileItLeaves);
    }

    private static void upgrade() throws IOException, InterruptedException {
        if (!RELEASE.isEmpty()) {
            Installation.everything();
            return;
        }
        Installation.helm(
                "--set",
                "operator.image=" + copied("operator") + ",gateway.image=" + copied("gateway"),
                "--set",
                "api.image=" + copied("control-plane"),
                "--set-string",
                "runtimes.nodejs20.image=" + copied("runtime-nodejs20"));
    }

    /** The same image by another name. */
    private static String copied(String part) throws IOException, InterruptedException {
        String copy = "kappa/" + part + "-again:dev";
        Command.run(Map.of(), "docker", "tag", "kappa/" + part + ":dev", copy);
        Cluster.shared().load(List.of(copy));
        return Cluster.shared().image(copy);
    }

    /** Asynchronous events, and synchronous ones that come so seldom that each finds no instance. */
    private static final class Sporadic implements AutoCloseable {
        private static final long EVERY_MS = 200;
        private static final long SELDOM_MS = 2_500;

        final Queue<String> accepted = new ConcurrentLinkedQueue<>();
        final Map<String, Integer> refused = new ConcurrentHashMap<>();
        final Map<String, Integer> broken = new ConcurrentHashMap<>();
        final Queue<Long> waits = new ConcurrentLinkedQueue<>();
        private final AtomicBoolean going = new AtomicBoolean(true);
        private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        private final List<Future<?>> callers = new ArrayList<>();

        Sporadic() {
            callers.add(threads.submit(this::send));
            callers.add(threads.submit(this::call));
        }

        private Void send() throws InterruptedException {
            for (int i = 0; going.get(); i++) {
                try {
                    HttpResponse<String> answer = Events.send(QUEUED, String.valueOf(i));
                    if (answer.statusCode() == 202) {
                        accepted.add(
                                answer.headers().firstValue("x-amzn-RequestId").orElseThrow());
                    } else {
                        refused.merge(String.valueOf(answer.statusCode()), 1, Integer::sum);
                    }
                } catch (IOException e) {
                    refused.merge(String.valueOf(e), 1, Integer::sum);
                }
                Thread.sleep(EVERY_MS);
            }
            return null;
        }

        private Void call() throws InterruptedException {
            while (going.get()) {
                long begun = System.nanoTime();
                // A connection of its own each time: one that idles may be closed in the moment of the next call.
                try (HttpClient http = HttpClient.newHttpClient()) {
                    HttpResponse<String> answer = http.send(
                            HttpRequest.newBuilder(URI.create(Cluster.shared().endpoint() + "/2015-03-31/functions/"
                                            + COLD + "/invocations"))
                                    .header(
                                            "Authorization",
                                            Identity.administrator().bearer())
                                    .POST(HttpRequest.BodyPublishers.ofString("1"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
                    if (answer.statusCode() != 200 || !answer.body().equals("1")) {
                        broken.merge(answer.statusCode() + " " + answer.body(), 1, Integer::sum);
                    }
                } catch (IOException e) {
                    broken.merge(String.valueOf(e), 1, Integer::sum);
                }
                waits.add((System.nanoTime() - begun) / 1_000_000);
                Thread.sleep(SELDOM_MS);
            }
            return null;
        }

        /** Fails with the first call that failed. */
        void stop() throws Exception {
            going.set(false);
            for (Future<?> caller : callers) {
                caller.get();
            }
        }

        @Override
        public void close() {
            going.set(false);
            threads.close();
        }
    }
}
