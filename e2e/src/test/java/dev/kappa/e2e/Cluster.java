package dev.kappa.e2e;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.time.Duration;
import org.testcontainers.k3s.K3sContainer;
import org.testcontainers.utility.DockerImageName;

/** One cluster of its own for a test class: K3s, or the node image that stands in for it where no registry answers. */
final class Cluster implements AutoCloseable {
    private final K3sContainer container;
    private final KubernetesClient client;

    private Cluster(K3sContainer container, KubernetesClient client) {
        this.container = container;
        this.client = client;
    }

    /** Starts the cluster of the system property {@code kappa.node.image} and waits until its node is ready. */
    static Cluster start() {
        DockerImageName image = DockerImageName.parse(System.getProperty("kappa.node.image", "kappa-node:dev"))
                .asCompatibleSubstituteFor("rancher/k3s");
        K3sContainer container = new K3sContainer(image).withStartupTimeout(Duration.ofMinutes(3));
        container.start();
        KubernetesClient client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(container.getKubeConfigYaml()))
                .build();
        return new Cluster(container, client);
    }

    KubernetesClient client() {
        return client;
    }

    @Override
    public void close() {
        client.close();
        container.stop();
    }
}
