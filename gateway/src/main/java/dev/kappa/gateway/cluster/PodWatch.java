package dev.kappa.gateway.cluster;

import dev.kappa.gateway.dispatch.Dispatcher;
import dev.kappa.gateway.peers.Ring;
import dev.kappa.lambda.FunctionKey;
import dev.kappa.lambda.VersionKey;
import dev.kappa.wire.Wire;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The pods of functions: when they were scheduled, and the backstop for hellos that got lost. */
public final class PodWatch {
    static final String FUNCTION = "kappa.dev/function";
    private static final String VERSION = "kappa.dev/version";
    private static final String REVISION = "kappa.dev/revision";

    private record PodKey(String namespace, String name) {}

    private final Dispatcher dispatcher;
    private final Ring ring;
    private final Map<PodKey, Pod> pods = new ConcurrentHashMap<>();
    private final Map<PodKey, Long> scheduledAtMs;

    /**
     * A watch that knows no pod.
     *
     * @param dispatcher hears of pods
     * @param ring whether this gateway cares
     * @param scheduled shared with whoever looks up when a pod was scheduled
     */
    PodWatch(Dispatcher dispatcher, Ring ring, ScheduledPods scheduled) {
        this.dispatcher = dispatcher;
        this.ring = ring;
        this.scheduledAtMs = new ConcurrentHashMap<>();
        scheduled.source((namespace, pod) -> scheduledAtMs.getOrDefault(new PodKey(namespace, pod), 0L));
    }

    void present(Pod pod) {
        PodKey key = key(pod);
        pods.put(key, pod);
        if (pod.getSpec() != null && pod.getSpec().getNodeName() != null) {
            scheduledAtMs.putIfAbsent(key, System.currentTimeMillis());
        }
        offer(pod);
    }

    void gone(Pod pod) {
        PodKey key = key(pod);
        pods.remove(key);
        scheduledAtMs.remove(key);
        version(pod).ifPresent(version -> dispatcher.podGone(version, key.name()));
    }

    /** Offers every pod again, after this gateway became an owner. */
    void replay() {
        pods.values().forEach(this::offer);
    }

    boolean exists(String namespace, String name) {
        return pods.containsKey(new PodKey(namespace, name));
    }

    private void offer(Pod pod) {
        VersionKey version = version(pod).orElse(null);
        if (version == null || !ring.owns(new FunctionKey(version.namespace(), version.function()))) {
            return;
        }
        String phase = pod.getStatus() == null ? null : pod.getStatus().getPhase();
        String address = pod.getStatus() == null ? null : pod.getStatus().getPodIP();
        String name = pod.getMetadata().getName();
        if (pod.getMetadata().getDeletionTimestamp() != null || "Failed".equals(phase) || "Succeeded".equals(phase)) {
            dispatcher.podGone(version, name);
        } else if (address != null) {
            dispatcher.podSeen(
                    version, name, hostPort(address), label(pod, REVISION).orElse(""));
        }
    }

    private static String hostPort(String address) {
        return (address.indexOf(':') < 0 ? address : "[" + address + "]") + ":" + Wire.SHIM_PORT;
    }

    private static Optional<VersionKey> version(Pod pod) {
        Optional<String> function = label(pod, FUNCTION);
        Optional<String> version = label(pod, VERSION);
        if (function.isEmpty() || version.isEmpty()) {
            return Optional.empty();
        }
        // A label's value cannot hold a dollar sign.
        String number = version.get().equals("latest") ? VersionKey.LATEST : version.get();
        return Optional.of(new VersionKey(pod.getMetadata().getNamespace(), function.get(), number));
    }

    private static Optional<String> label(Pod pod, String name) {
        Map<String, String> labels = pod.getMetadata().getLabels();
        Map<String, String> annotations = pod.getMetadata().getAnnotations();
        String value = labels == null ? null : labels.get(name);
        if (value == null && annotations != null) {
            value = annotations.get(name);
        }
        return Optional.ofNullable(value);
    }

    private static PodKey key(Pod pod) {
        return new PodKey(pod.getMetadata().getNamespace(), pod.getMetadata().getName());
    }
}
