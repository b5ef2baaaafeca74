package dev.kappa.e2e;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.api.model.NodeAddress;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.testcontainers.k3s.K3sContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * The cluster of all test classes: the one of the system property {@code kappa.kubeconfig}, else a new container of K3s, or
 * of the node image that stands in for it where no registry answers. With {@code kappa.container} the given cluster is the
 * container of that name, as {@code bin/up} leaves it.
 */
final class Cluster {
    /** The gateway's NodePort. */
    static final int ENDPOINT = 31780;
    /** Where function URLs are. */
    static final int URLS = 31781;

    private static Cluster shared;

    /** Null unless these tests started it. */
    private final K3sContainer started;

    /** The node's container in Docker; empty if the nodes are not ours. */
    private final String node;

    private final KubernetesClient client;
    private final Path kubeconfig;

    private Cluster(K3sContainer started, String node, Path kubeconfig) throws IOException {
        this.started = started;
        this.node = node;
        this.kubeconfig = kubeconfig;
        this.client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(Files.readString(kubeconfig)))
                .build();
    }

    /** Started by the first who asks, its node ready. */
    static synchronized Cluster shared() {
        if (shared == null) {
            String given = property("kappa.kubeconfig");
            try {
                shared = given.isEmpty() ? started() : new Cluster(null, property("kappa.container"), Path.of(given));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            Runtime.getRuntime().addShutdownHook(new Thread(shared::close));
        }
        return shared;
    }

    private static Cluster started() throws IOException {
        DockerImageName image = DockerImageName.parse(System.getProperty("kappa.node.image", "kappa-node:dev"))
                .asCompatibleSubstituteFor("rancher/k3s");
        K3sContainer container = new K3sContainer(image).withStartupTimeout(Duration.ofMinutes(3));
        container.addExposedPorts(ENDPOINT, URLS);
        // bin/test removes what a run that was killed left.
        container.withLabel("dev.kappa.checkout", property("kappa.checkout"));
        container.start();
        Path kubeconfig = Files.createTempFile("kappa-e2e", ".kubeconfig");
        Files.writeString(kubeconfig, container.getKubeConfigYaml());
        return new Cluster(container, container.getContainerId(), kubeconfig);
    }

    /** Whether its node is a container of this machine. */
    boolean isOurs() {
        return !node.isEmpty();
    }

    KubernetesClient client() {
        return client;
    }

    /** For command-line tools. */
    Path kubeconfig() {
        return kubeconfig;
    }

    /** How the cluster names an image of this machine's Docker. */
    String image(String local) throws IOException, InterruptedException {
        if (started != null) {
            return local;
        }
        // By its id, since a node that has the tag already does not take it again.
        String id = Command.run(Map.of(), "docker", "image", "inspect", "-f", "{{.Id}}", local)
                .strip()
                .replace("sha256:", "");
        String byId = local.substring(0, local.lastIndexOf(':')) + ":" + id.substring(0, 12);
        return node.isEmpty() ? registry() + "/" + byId : byId;
    }

    private static String registry() {
        String registry = property("kappa.registry");
        if (registry.isEmpty()) {
            throw new AssertionError("a given cluster needs a registry to pull Kappa's images from: set"
                    + " KAPPA_IMAGE_REGISTRY to one that you can push to");
        }
        return registry;
    }

    /** Brings images from Docker into the node, or to the given cluster's registry. */
    void load(List<String> images) throws IOException, InterruptedException {
        List<String> named = new ArrayList<>();
        for (String image : images) {
            String name = image(image);
            if (!name.equals(image)) {
                Command.run(Map.of(), "docker", "tag", image, name);
            }
            named.add(name);
        }
        if (node.isEmpty()) {
            for (String image : named) {
                Command.run(Map.of(), "docker", "push", "-q", image);
            }
            return;
        }
        if (started == null) {
            List<String> there = Command.run(
                            Map.of(), "docker", "exec", node, "ctr", "-n", "k8s.io", "images", "ls", "-q")
                    .lines()
                    .toList();
            named.removeIf(image -> there.contains("docker.io/" + image));
        }
        if (!named.isEmpty()) {
            List<String> save = new ArrayList<>(List.of("docker", "save"));
            save.addAll(named);
            Command.pipe(save, List.of("docker", "exec", "-i", node, "ctr", "-n", "k8s.io", "images", "import", "-"));
        }
    }

    /** What a command on the node prints; skips the test on a given cluster, whose nodes are not ours. */
    String onNode(String... command) throws IOException, InterruptedException {
        assumeTrue(isOurs(), "this needs a node of our own");
        List<String> all = new ArrayList<>(List.of("docker", "exec", node));
        all.addAll(List.of(command));
        return Command.run(Map.of(), all.toArray(String[]::new));
    }

    /** Where the gateway answers once Kappa is installed. */
    String endpoint() {
        if (started != null) {
            return "http://127.0.0.1:" + started.getMappedPort(ENDPOINT);
        }
        String given = property("kappa.endpoint");
        return given.isEmpty() ? "http://" + nodeAddress() + ":" + ENDPOINT : given;
    }

    /** Address of function URLs. */
    String urls() {
        return started == null
                ? "http://" + nodeAddress() + ":" + URLS
                : "http://127.0.0.1:" + started.getMappedPort(URLS);
    }

    private String nodeAddress() {
        return client.nodes().list().getItems().stream()
                .flatMap(node -> node.getStatus().getAddresses().stream())
                .filter(it -> it.getType().endsWith("IP"))
                .min(Comparator.comparing(NodeAddress::getType)) // ExternalIP before InternalIP
                .orElseThrow()
                .getAddress();
    }

    private static String property(String name) {
        return System.getProperty(name, "");
    }

    private void close() {
        client.close();
        if (started == null) {
            return;
        }
        started.stop();
        try {
            Files.deleteIfExists(kubeconfig);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
