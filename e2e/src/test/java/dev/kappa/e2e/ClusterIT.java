package dev.kappa.e2e;

import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
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

    @Test
    void whatAPodWritesToAClaimIsThereForTheNext() throws Exception {
        assumeTrue(
                Cluster.shared().isOurs() || Installation.hasDefaultStorage(),
                "the given cluster has no default StorageClass");
        String image = "kappa/runtime-python3.13:dev";
        Cluster.shared().load(List.of(image));
        client.resource(new PersistentVolumeClaimBuilder()
                        .withNewMetadata()
                        .withName("kept")
                        .withNamespace("default")
                        .endMetadata()
                        .withNewSpec()
                        .withAccessModes("ReadWriteOnce")
                        .withNewResources()
                        .addToRequests("storage", new Quantity("1Mi"))
                        .endResources()
                        .endSpec()
                        .build())
                .create();

        python("writes", image, "open('/kept/file', 'w').write('as written')");
        assertThat(python("reads", image, "print(open('/kept/file').read())")).isEqualTo("as written\n");

        client.persistentVolumeClaims().inNamespace("default").withName("kept").delete();
        await("the claim's volume is removed")
                .atMost(ofMinutes(1))
                .untilAsserted(
                        () -> assertThat(client.persistentVolumes().list().getItems())
                                .noneMatch(it -> it.getSpec().getClaimRef() != null
                                        && it.getSpec().getClaimRef().getName().equals("kept")));
    }

    /** Runs to its end in a pod with the claim at /kept; returns what it printed. */
    private static String python(String name, String image, String program) throws Exception {
        var pod = client.resource(new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("default")
                .endMetadata()
                .withNewSpec()
                .withRestartPolicy("Never")
                .addNewContainer()
                .withName(name)
                .withImage(Cluster.shared().image(image))
                .withImagePullPolicy("IfNotPresent")
                .withCommand("python3", "-c", program)
                .addNewVolumeMount()
                .withName("kept")
                .withMountPath("/kept")
                .endVolumeMount()
                .endContainer()
                .addNewVolume()
                .withName("kept")
                .withNewPersistentVolumeClaim()
                .withClaimName("kept")
                .endPersistentVolumeClaim()
                .endVolume()
                .endSpec()
                .build());
        pod.create();
        pod.waitUntilCondition(
                it -> it.getStatus() != null
                        && "Succeeded".equals(it.getStatus().getPhase()),
                90,
                TimeUnit.SECONDS);
        String printed = client.pods().inNamespace("default").withName(name).getLog();
        pod.withGracePeriod(0).delete();
        return printed;
    }
}
