package dev.kappa.e2e;

import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A server that tests need in the cluster: a pod, and the Service of its name. */
final class ServerPod {
    private static final String NAMESPACE = "default";

    private ServerPod() {}

    /** The container of a server, of an image that the cluster has. */
    static ContainerBuilder container(String name, String image) throws IOException, InterruptedException {
        return new ContainerBuilder()
                .withName(name)
                .withImage(Cluster.shared().image(image))
                .withImagePullPolicy("IfNotPresent");
    }

    /** The same, of a server that is ready once it listens. */
    static ContainerBuilder container(String name, String image, int port) throws IOException, InterruptedException {
        return container(name, image)
                .withNewReadinessProbe()
                .withNewTcpSocket()
                .withPort(new IntOrString(port))
                .endTcpSocket()
                .withPeriodSeconds(1)
                .endReadinessProbe();
    }

    static PodSpec of(ContainerBuilder container) {
        return new PodSpecBuilder().withContainers(container.build()).build();
    }

    /** Starts it, and waits until it is ready. */
    static void start(String name, int port, PodSpec spec, int seconds) {
        KubernetesClient client = Cluster.shared().client();
        client.resource(new PodBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace(NAMESPACE)
                        .withLabels(Map.of("app", name))
                        .endMetadata()
                        .withNewSpecLike(spec)
                        .withTerminationGracePeriodSeconds(0L)
                        .endSpec()
                        .build())
                .serverSideApply();
        client.resource(new ServiceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace(NAMESPACE)
                        .endMetadata()
                        .withNewSpec()
                        .withSelector(Map.of("app", name))
                        .addNewPort()
                        .withPort(port)
                        .withTargetPort(new IntOrString(port))
                        .endPort()
                        .endSpec()
                        .build())
                .serverSideApply();
        client.pods().inNamespace(NAMESPACE).withName(name).waitUntilReady(seconds, TimeUnit.SECONDS);
    }
}
