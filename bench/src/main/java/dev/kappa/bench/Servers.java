package dev.kappa.bench;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Pods of servers that stand beside Kappa: of a function's image and limits, or of a proxy's image. */
final class Servers {
    static final int PORT = 8080;
    private static final int TRIES = 300;

    private final KubernetesClient client;
    private final String namespace;

    Servers(KubernetesClient client, String namespace) {
        this.client = client;
        this.namespace = namespace;
    }

    /**
     * Starts a server in the image and with the limits of a function's instance.
     *
     * @param files of its one folder, {@link Language#FOLDER}
     * @return its address, at which it listens
     */
    String start(String name, Pod like, Map<String, byte[]> files, List<String> command)
            throws IOException, InterruptedException {
        Container container = like.getSpec().getContainers().getFirst();
        return start(name, container.getImage(), container, files, command);
    }

    /** Starts a program in an image of its own, with the same limits. */
    String start(String name, String image, Container limits, Map<String, byte[]> files, List<String> command)
            throws IOException, InterruptedException {
        Map<String, String> data = files.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, it -> Base64.getEncoder().encodeToString(it.getValue())));
        client.resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .withBinaryData(data)
                        .build())
                .inNamespace(namespace)
                .serverSideApply();
        client.resource(pod(name, image, limits, command))
                .inNamespace(namespace)
                .create();
        Pod running = client.pods()
                .inNamespace(namespace)
                .withName(name)
                .waitUntilCondition(it -> it != null && it.getStatus().getPodIP() != null, 60, TimeUnit.SECONDS);
        awaitListening(name, running.getStatus().getPodIP());
        return running.getStatus().getPodIP();
    }

    void stop(String name) {
        client.pods().inNamespace(namespace).withName(name).withGracePeriod(0).delete();
    }

    private static Pod pod(String name, String image, Container limits, List<String> command) {
        return new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .withAutomountServiceAccountToken(false)
                .withRestartPolicy("Never")
                .withNewSecurityContext()
                .withRunAsNonRoot(true)
                .withRunAsUser(65532L)
                .endSecurityContext()
                .addNewContainer()
                .withName("server")
                .withImage(image)
                .withImagePullPolicy("IfNotPresent")
                .withCommand(command)
                .withResources(limits.getResources())
                .withVolumeMounts(new VolumeMountBuilder()
                        .withName("files")
                        .withMountPath(Language.FOLDER)
                        .build())
                .endContainer()
                .withVolumes(new VolumeBuilder()
                        .withName("files")
                        .withNewConfigMap()
                        .withName(name)
                        .endConfigMap()
                        .build())
                .endSpec()
                .build();
    }

    private void awaitListening(String name, String address) throws IOException, InterruptedException {
        for (int i = 0; i < TRIES; i++) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(address, PORT), 1_000);
                return;
            } catch (IOException e) {
                Thread.sleep(100);
            }
        }
        throw new IOException("the server " + name + " does not listen; it printed: "
                + client.pods().inNamespace(namespace).withName(name).getLog());
    }
}
