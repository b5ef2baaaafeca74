package dev.kappa.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.LocalPortForward;
import io.nats.client.Connection;
import io.nats.client.ErrorListener;
import io.nats.client.JetStreamApiException;
import io.nats.client.Nats;
import io.nats.client.ObjectStore;
import io.nats.client.Options;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import software.amazon.awssdk.services.lambda.LambdaClient;

/** The package store loses all that it has; nobody restarts anything. */
@Isolated("empties the package store")
class PackageLossIT {
    private static final String BUCKET = "kappa-packages";

    @BeforeAll
    static void install() throws IOException, InterruptedException {
        Installation.everything();
    }

    @Test
    void whatTheManifestHasIsStoredAgainAndTheRestIsAskedFor() throws Exception {
        Functions.python("refilled", "publish: OnChange", "def handler(event, context): return 1");
        Functions.waitUntilReady("Version", "refilled.1");
        Functions.python("refilled", "publish: OnChange", "def handler(event, context): return 2");
        Functions.waitUntilReady("Version", "refilled.2");
        byte[] zip = Packages.zip(
                "app.py", "def handler(event, context): return 'uploaded'".getBytes(StandardCharsets.UTF_8));
        String digest = Packages.upload(zip);
        Functions.apply("""
                apiVersion: kappa.dev/v1alpha1
                kind: Function
                metadata: {name: emptied, namespace: default}
                spec: {runtime: python3.13, handler: app.handler, code: {package: {sha256: DIGEST}}}
                """.replace("DIGEST", digest));
        Functions.waitUntilReady("Function", "emptied");
        String first = code("Version", "refilled.1");
        String second = code("Version", "refilled.2");
        restartGateways();

        emptyTheStore();

        await().atMost(Duration.ofSeconds(60)).until(() -> isStored(first) && isStored(second));
        String message = Functions.ready(
                Functions.waitFor(
                        "Function",
                        "emptied",
                        it -> Functions.ready(it, "reason").equals("PackageNotFound")),
                "message");
        assertThat(message).contains(digest, "curl -T function.zip", "/namespaces/default/packages");
        Packages.upload(zip);
        Functions.waitUntilReady("Function", "emptied");
        Functions.waitUntilReady("Version", "refilled.1");
        try (LambdaClient lambda = Functions.lambda()) {
            assertThat(Functions.invoke(lambda, "refilled:1", "{}").payload().asUtf8String())
                    .isEqualTo("1");
            assertThat(Functions.invoke(lambda, "emptied", "{}").payload().asUtf8String())
                    .isEqualTo("\"uploaded\"");
        }
    }

    /** Gateways keep packages in memory, and put them back. */
    private static void restartGateways() {
        var gateway = Cluster.shared()
                .client()
                .apps()
                .deployments()
                .inNamespace(Installation.NAMESPACE)
                .withName("kappa-gateway");
        gateway.rolling().restart();
        await().atMost(Duration.ofMinutes(3)).until(() -> {
            var now = gateway.get();
            return now.getStatus()
                            .getObservedGeneration()
                            .equals(now.getMetadata().getGeneration())
                    && now.getSpec().getReplicas().equals(now.getStatus().getUpdatedReplicas())
                    && now.getSpec().getReplicas().equals(now.getStatus().getReplicas())
                    && now.getSpec().getReplicas().equals(now.getStatus().getReadyReplicas())
                    // One that is going has its memory still.
                    && now.getSpec().getReplicas() == gateways();
        });
    }

    private static int gateways() {
        return Cluster.shared()
                .client()
                .pods()
                .inNamespace(Installation.NAMESPACE)
                .withLabel("app.kubernetes.io/component", "gateway")
                .list()
                .getItems()
                .size();
    }

    @SuppressWarnings("try")
    private static void emptyTheStore() throws Exception {
        try (LocalPortForward forward = forward();
                Connection nats = connect(forward)) {
            nats.jetStreamManagement().deleteStream("OBJ_" + BUCKET);
        }
    }

    @SuppressWarnings("try")
    private static boolean isStored(String sha256) throws Exception {
        try (LocalPortForward forward = forward();
                Connection nats = connect(forward)) {
            ObjectStore store = nats.objectStore(BUCKET);
            return store.getInfo("default/" + sha256) != null;
        } catch (JetStreamApiException | IllegalStateException e) {
            return false;
        }
    }

    private static LocalPortForward forward() {
        return Cluster.shared()
                .client()
                .pods()
                .inNamespace(Installation.NAMESPACE)
                .withName("kappa-nats-0")
                .portForward(4222);
    }

    private static Connection connect(LocalPortForward forward) throws IOException, InterruptedException {
        return Nats.connect(Options.builder()
                .server("nats://127.0.0.1:" + forward.getLocalPort())
                .userInfo("gateway", Installation.natsPassword("gateway"))
                .inboxPrefix("_INBOX.gateway.")
                .connectionTimeout(Duration.ofSeconds(5))
                .errorListener(new ErrorListener() {})
                .build());
    }

    private static String code(String kind, String name) {
        return Functions.get(kind, name).get("status", "codeSha256");
    }
}
