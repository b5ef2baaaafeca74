package dev.kappa.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The ground that every other end-to-end test stands on: a real API server, scheduler, kubelet and network. */
class ClusterIT {
    private static KubernetesClient client;

    @BeforeAll
    static void startCluster() {
        client = Cluster.shared().client();
    }

    @Test
    void theNodesAreReady() {
        assertThat(client.nodes().list().getItems())
                .isNotEmpty()
                .allSatisfy(node -> assertThat(node.getStatus().getConditions())
                        .anyMatch(it ->
                                it.getType().equals("Ready") && it.getStatus().equals("True")));
    }

    @Test
    void aPodOfAnImageOnTheNodeRunsAndHasAnAddress() throws InterruptedException {
        String image = client.apps()
                .deployments()
                .inNamespace("kube-system")
                .withName("coredns")
                .get()
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .getFirst()
                .getImage();
        Pod pod = new PodBuilder()
                .withNewMetadata()
                .withName("plain")
                .withNamespace("default")
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("dns")
                .withImage(image)
                .withImagePullPolicy("IfNotPresent")
                .endContainer()
                .endSpec()
                .build();

        // The service account's controller creates "default" a moment after the node is ready.
        client.serviceAccounts()
                .inNamespace("default")
                .withName("default")
                .waitUntilCondition(account -> account != null, 60, TimeUnit.SECONDS);
        client.resource(pod).create();

        Pod running = client.resource(pod)
                .waitUntilCondition(
                        it -> it.getStatus() != null
                                && "Running".equals(it.getStatus().getPhase()),
                        90,
                        TimeUnit.SECONDS);
        assertThat(running.getStatus().getPodIP()).isNotBlank();
    }

    @Test
    void clusterDnsBecomesAvailable() {
        client.apps()
                .deployments()
                .inNamespace("kube-system")
                .withName("coredns")
                .waitUntilReady(120, TimeUnit.SECONDS);

        assertThat(client.apps()
                        .deployments()
                        .inNamespace("kube-system")
                        .withName("coredns")
                        .get()
                        .getStatus()
                        .getReadyReplicas())
                .isEqualTo(1);
    }
}
