package dev.kappa.e2e;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.LocalPortForward;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Queues that must not be trusted: a gateway that is pointed to one accepts no event. */
class QueueRefusalIT {
    private static KubernetesClient client;

    @BeforeAll
    static void install() throws IOException, InterruptedException {
        Installation.everything();
        client = Cluster.shared().client();
        Functions.python("queued", "timeoutSeconds: 3", "def handler(event, context):\n    return 1");
        Functions.waitUntilReady("Function", "queued");
    }

    @Test
    void aServerThatAcknowledgesBeforeItsDiskHasTheEventIsRefused() throws Exception {
        HttpResponse<String> answer = sendTo("lax", "store_dir: /data, sync_interval: 2m");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("sync_interval to always");
    }

    @Test
    void aDiskWithoutRoomIsRefused() throws Exception {
        HttpResponse<String> answer =
                sendTo("small", "store_dir: /data, sync_interval: always, max_file_store: 8388608");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("no room left").contains("nats.storage.size");
    }

    /** Sends an event through a gateway of its own that uses a NATS of its own. */
    private static HttpResponse<String> sendTo(String name, String jetstream) throws Exception {
        nats(name, jetstream);
        Pod gateway = gateway(name);
        client.resource(gateway).serverSideApply();
        var pod = client.resource(gateway);
        pod.waitUntilReady(90, TimeUnit.SECONDS);
        try (LocalPortForward port = client.pods()
                        .inNamespace(Installation.NAMESPACE)
                        .withName(gatewayName(name))
                        .portForward(8080);
                HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(
                            "http://localhost:" + port.getLocalPort() + "/2015-03-31/functions/queued/invocations"))
                    .version(HttpClient.Version.HTTP_1_1)
                    .header("X-Amz-Invocation-Type", "Event")
                    .header("Authorization", Identity.administrator().bearer())
                    .POST(BodyPublishers.ofString("1"))
                    .build();
            // Just started, it does not know yet what its server does.
            return await("an answer of the gateway " + name)
                    .atMost(ofSeconds(15))
                    .pollInterval(ofMillis(250))
                    .until(
                            () -> http.send(request, BodyHandlers.ofString()),
                            it -> !it.body().contains("try again"));
        } finally {
            pod.withGracePeriod(0).delete();
            client.pods()
                    .inNamespace(Installation.NAMESPACE)
                    .withName(name)
                    .withGracePeriod(0)
                    .delete();
        }
    }

    private static Pod gateway(String name) {
        PodSpec spec = client.apps()
                .deployments()
                .inNamespace(Installation.NAMESPACE)
                .withName("kappa-gateway")
                .get()
                .getSpec()
                .getTemplate()
                .getSpec();
        Container gateway = spec.getContainers().getFirst();
        gateway.getEnv().forEach(variable -> {
            switch (variable.getName()) {
                case "KAPPA_NATS_URL" -> variable.setValue("nats://" + name + ":4222");
                default -> {}
            }
        });
        // Not labelled as a gateway: it is no member of the ring, and no caller comes to it.
        return new PodBuilder()
                .withNewMetadata()
                .withName(gatewayName(name))
                .withNamespace(Installation.NAMESPACE)
                .endMetadata()
                .withSpec(spec)
                .build();
    }

    private static String gatewayName(String name) {
        return "gateway-of-" + name;
    }

    /** As the chart's own NATS tells whether it syncs. */
    private static String users() {
        return """
                system_account: SYS
                accounts {
                  SYS {exports: [{service: "$SYS.REQ.SERVER.PING.JSZ", response_type: stream, accounts: [KAPPA]}]}
                  KAPPA {
                    jetstream: enabled
                    imports: [{service: {account: SYS, subject: "$SYS.REQ.SERVER.PING.JSZ"}, to: "kappa.servers"}]
                    users: [{user: gateway, password: PASSWORD}]
                  }
                }
                """.replace("PASSWORD", Installation.natsPassword("gateway"));
    }

    private static void nats(String name, String jetstream) throws IOException, InterruptedException {
        String configuration = "port: 4222\nmax_payload: 8MB\njetstream {" + jetstream + "}\n" + users();
        client.resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace(Installation.NAMESPACE)
                        .endMetadata()
                        .withData(Map.of("nats.conf", configuration))
                        .build())
                .serverSideApply();
        client.resource(new PodBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace(Installation.NAMESPACE)
                        .withLabels(Map.of("app", name))
                        .endMetadata()
                        .withNewSpec()
                        .addNewContainer()
                        .withName("nats")
                        .withImage(Cluster.shared().image("kappa/nats:2.15.2"))
                        .withImagePullPolicy("IfNotPresent")
                        .withArgs("-c", "/etc/nats/nats.conf")
                        .addNewVolumeMount()
                        .withName("config")
                        .withMountPath("/etc/nats")
                        .endVolumeMount()
                        .addNewVolumeMount()
                        .withName("data")
                        .withMountPath("/data")
                        .endVolumeMount()
                        .endContainer()
                        .addNewVolume()
                        .withName("config")
                        .withNewConfigMap()
                        .withName(name)
                        .endConfigMap()
                        .endVolume()
                        .addNewVolume()
                        .withName("data")
                        .withNewEmptyDir()
                        .endEmptyDir()
                        .endVolume()
                        .endSpec()
                        .build())
                .serverSideApply();
        client.resource(new ServiceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace(Installation.NAMESPACE)
                        .endMetadata()
                        .withNewSpec()
                        .withSelector(Map.of("app", name))
                        .withPublishNotReadyAddresses(true)
                        .addNewPort()
                        .withName("client")
                        .withPort(4222)
                        .withTargetPort(new IntOrString(4222))
                        .endPort()
                        .endSpec()
                        .build())
                .serverSideApply();
    }
}
