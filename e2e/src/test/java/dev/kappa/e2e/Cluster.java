package dev.kappa.e2e;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.testcontainers.k3s.K3sContainer;
import org.testcontainers.utility.DockerImageName;

/** The cluster of all test classes: K3s, or the node image that stands in for it where no registry answers. */
final class Cluster {
    /** The gateway's NodePort. */
    static final int ENDPOINT = 31780;

    private static Cluster shared;

    private final K3sContainer container;
    private final KubernetesClient client;
    private final Path kubeconfig;

    private Cluster(K3sContainer container) throws IOException {
        this.container = container;
        String yaml = container.getKubeConfigYaml();
        this.client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(yaml))
                .build();
        this.kubeconfig = Files.createTempFile("kappa-e2e", ".kubeconfig");
        Files.writeString(kubeconfig, yaml);
    }

    /** The cluster of the system property {@code kappa.node.image}, its node ready; started by the first who asks. */
    static synchronized Cluster shared() {
        if (shared == null) {
            DockerImageName image = DockerImageName.parse(System.getProperty("kappa.node.image", "kappa-node:dev"))
                    .asCompatibleSubstituteFor("rancher/k3s");
            K3sContainer container = new K3sContainer(image).withStartupTimeout(Duration.ofMinutes(3));
            container.addExposedPort(ENDPOINT);
            container.start();
            try {
                shared = new Cluster(container);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            Runtime.getRuntime().addShutdownHook(new Thread(shared::close));
        }
        return shared;
    }

    KubernetesClient client() {
        return client;
    }

    /** For command-line tools. */
    Path kubeconfig() {
        return kubeconfig;
    }

    /** Brings images from Docker into the node. */
    void load(List<String> images) throws IOException, InterruptedException {
        List<String> save = new ArrayList<>(List.of("docker", "save"));
        save.addAll(images);
        Command.pipe(
                save, List.of("docker", "exec", "-i", containerId(), "ctr", "-n", "k8s.io", "images", "import", "-"));
    }

    String containerId() {
        return container.getContainerId();
    }

    /** Where the gateway answers once Kappa is installed. */
    String endpoint() {
        return "http://127.0.0.1:" + container.getMappedPort(ENDPOINT);
    }

    private void close() {
        client.close();
        container.stop();
        try {
            Files.deleteIfExists(kubeconfig);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
