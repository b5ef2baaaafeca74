package dev.kappa.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import software.amazon.awssdk.services.lambda.LambdaClient;

/**
 * Events go on while the API server stands still: those of callers whom gateways know, and of nobody else. For how long is a
 * parameter: {@code bin/dev outage 60}.
 */
@Isolated("stops the API server")
@Timeout(600)
class OutageIT {
    private static final int SECONDS = Integer.getInteger("kappa.outage.seconds", 12);
    private static final int CALLERS = 4;
    private static final String FUNCTION = "lasting";

    @BeforeAll
    static void install() throws IOException, InterruptedException {
        Cluster.shared().onNode("true"); // the API server is stopped there
        Installation.everything();
        Functions.python(
                FUNCTION,
                "scaling: {min: 1, max: 2, idleTimeout: 5m}",
                "import time\ndef handler(event, context):\n    time.sleep(0.02)\n    return 'ok'");
        Functions.waitUntilReady("Function", FUNCTION);
    }

    /** Leaves everything ready, as other test classes want it. */
    @AfterAll
    static void tidyUp() throws IOException, InterruptedException {
        Functions.delete("Function", FUNCTION);
        for (String part : List.of("kappa-operator", "kappa-gateway", "kappa-api")) {
            Cluster.shared()
                    .client()
                    .apps()
                    .deployments()
                    .inNamespace(Installation.NAMESPACE)
                    .withName(part)
                    .waitUntilReady(3, TimeUnit.MINUTES);
        }
    }

    /** On a connection of its own: one that is kept as long as the outage may be closed by the gateway meanwhile. */
    private static HttpResponse<String> invoke(String authorization) throws IOException, InterruptedException {
        URI uri = URI.create(Cluster.shared().endpoint() + "/2015-03-31/functions/" + FUNCTION + "/invocations");
        HttpRequest request = HttpRequest.newBuilder(uri)
                .timeout(Duration.ofMinutes(1))
                .header("Authorization", authorization)
                .POST(BodyPublishers.ofString("{}"))
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(request, BodyHandlers.ofString());
        }
    }

    /** A gateway knows whom it has served; which one serves a connection is left to the Service. */
    private static void letEachGatewayKnow() throws IOException, InterruptedException {
        for (int i = 0; i < 20; i++) {
            assertThat(invoke(Identity.administrator().bearer()).statusCode()).isEqualTo(200);
            try (LambdaClient byKey = Functions.lambda()) {
                Functions.invoke(byKey, FUNCTION, "{}");
            }
        }
    }

    @Test
    void knownCallersGoOnAndNobodyElseComesIn() throws Exception {
        String stranger = Identity.tenant("default", "stranger", "kappa-invoker");
        try (LambdaClient lambda = Functions.lambda();
                Load load = Load.on(FUNCTION, CALLERS)) {
            Functions.invoke(lambda, FUNCTION, "{}");
            load.pass(100);
            letEachGatewayKnow();

            HttpResponse<String> refused;
            int before;
            Cluster.shared().onNode("pkill", "-STOP", "-x", "kube-apiserver");
            long end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
            try {
                before = load.answered();
                refused = invoke(stranger);
                while (System.nanoTime() < end) {
                    assertThat(Functions.invoke(lambda, FUNCTION, "{}").functionError())
                            .isNull();
                    Thread.sleep(100);
                }
                assertThat(load.answered()).isGreaterThan(before);
            } finally {
                Cluster.shared().onNode("pkill", "-CONT", "-x", "kube-apiserver");
            }
            load.pass(200);
            int events = load.answered() - before;

            assertThat(load.stop()).isEmpty();
            System.out.println("outage: " + SECONDS + " s without API server, " + events + " events, none failed");
            assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
            // After 40 s Kubernetes takes nodes that could not report for lost, and Services have no endpoints until
            // they do.
            await().atMost(Duration.ofMinutes(1))
                    .ignoreException(IOException.class)
                    .untilAsserted(() -> assertThat(invoke(stranger).statusCode())
                            .as("once somebody can tell who it is")
                            .isEqualTo(200));
        }
    }
}
