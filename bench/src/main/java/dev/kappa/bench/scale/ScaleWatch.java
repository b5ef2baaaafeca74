package dev.kappa.bench.scale;

import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** When Deployments of functions were scaled from zero, as a watch tells from now on. */
final class ScaleWatch implements Watcher<Deployment>, AutoCloseable {
    private final Map<String, Long> scaled = new ConcurrentHashMap<>();
    private final Watch watch;

    ScaleWatch(KubernetesClient client, String namespace) {
        var deployments = client.apps().deployments().inNamespace(namespace);
        String version = deployments
                .list(new ListOptionsBuilder().withLimit(1L).build())
                .getMetadata()
                .getResourceVersion();
        watch = deployments.watch(
                new ListOptionsBuilder().withResourceVersion(version).build(), this);
    }

    @Override
    public void eventReceived(Action action, Deployment deployment) {
        Integer replicas = deployment.getSpec().getReplicas();
        if (replicas != null && replicas > 0) {
            scaled.putIfAbsent(
                    String.valueOf(deployment.getMetadata().getLabels().get("kappa.dev/function")), System.nanoTime());
        }
    }

    @Override
    public void onClose(@Nullable WatcherException cause) {
        if (cause != null) {
            System.err.println("the watch of scales ended: " + cause.getMessage());
        }
    }

    OptionalLong of(String function) {
        Long at = scaled.get(function);
        return at == null ? OptionalLong.empty() : OptionalLong.of(at);
    }

    @Override
    public void close() {
        watch.close();
    }
}
