package dev.kappa.gateway.cluster;

import dev.kappa.api.v1alpha1.Labels;
import dev.kappa.gateway.dispatch.Dispatcher;
import dev.kappa.gateway.dispatch.InstanceAddress;
import dev.kappa.gateway.dispatch.KnownPod;
import dev.kappa.gateway.peers.Ring;
import dev.kappa.lambda.VersionKey;
import dev.kappa.wire.Wire;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The pods of functions: when they were scheduled, and the backstop for hellos that got lost. */
public final class PodWatch {
    private record PodKey(String namespace, String name) {}

    /** What is used of a pod. Its address is null until it has one, and once it ended. */
    private record Seen(
            VersionKey version,
            String revision,
            @Nullable InstanceAddress address,
            @Nullable String role,
            boolean hasEnded) {}

    private final Dispatcher dispatcher;
    private final Ring ring;
    private final Map<PodKey, Seen> pods = new ConcurrentHashMap<>();
    private final Map<PodKey, Long> scheduledAtMs;

    /**
     * A watch that knows no pod.
     *
     * @param dispatcher hears of pods
     * @param ring whether this gateway cares
     * @param known shared with whoever looks pods up
     */
    PodWatch(Dispatcher dispatcher, Ring ring, KnownPods known) {
        this.dispatcher = dispatcher;
        this.ring = ring;
        this.scheduledAtMs = new ConcurrentHashMap<>();
        known.source(this::facts);
    }

    private @Nullable KnownPod facts(String namespace, String name) {
        PodKey key = new PodKey(namespace, name);
        Seen seen = pods.get(key);
        return seen == null
                ? null
                : new KnownPod(seen.version(), seen.address(), seen.role(), scheduledAtMs.getOrDefault(key, 0L));
    }

    void present(Pod pod) {
        PodKey key = key(pod);
        Optional<Seen> seen = seen(pod);
        if (seen.isEmpty()) {
            return;
        }
        pods.put(key, seen.get());
        if (pod.getSpec() != null && pod.getSpec().getNodeName() != null) {
            scheduledAtMs.putIfAbsent(key, System.currentTimeMillis());
        }
        offer(key, seen.get());
    }

    /** Of a pod that went unnoticed only namespace and name are known. */
    void gone(Pod pod) {
        PodKey key = key(pod);
        Seen seen = pods.remove(key);
        scheduledAtMs.remove(key);
        if (seen != null) {
            dispatcher.podGone(seen.version(), key.name());
        }
    }

    /** Offers every pod again, after this gateway became an owner. */
    void replay() {
        pods.forEach(this::offer);
    }

    boolean exists(String namespace, String name) {
        return pods.containsKey(new PodKey(namespace, name));
    }

    private void offer(PodKey key, Seen seen) {
        VersionKey version = seen.version();
        if (!ring.owns(version.functionKey())) {
            return;
        }
        if (seen.hasEnded()) {
            dispatcher.podGone(version, key.name());
        } else if (seen.address() != null) {
            dispatcher.podSeen(version, key.name(), seen.address(), seen.revision());
        }
    }

    private static Optional<Seen> seen(Pod pod) {
        String phase = pod.getStatus() == null ? null : pod.getStatus().getPhase();
        boolean hasEnded =
                pod.getMetadata().getDeletionTimestamp() != null || "Failed".equals(phase) || "Succeeded".equals(phase);
        return Labels.function(pod)
                .flatMap(function -> Labels.version(pod)
                        .map(version -> new Seen(
                                new VersionKey(pod.getMetadata().getNamespace(), function, version),
                                Labels.revision(pod).orElse(""),
                                hasEnded ? null : address(pod),
                                role(pod),
                                hasEnded)));
    }

    private static @Nullable String role(Pod pod) {
        boolean has = pod.getSpec() != null
                && pod.getMetadata().getLabels() != null
                && pod.getMetadata().getLabels().containsKey(Labels.ROLE);
        return has ? pod.getSpec().getServiceAccountName() : null;
    }

    private static @Nullable InstanceAddress address(Pod pod) {
        String ip = pod.getStatus() == null ? null : pod.getStatus().getPodIP();
        return ip == null
                ? null
                : new InstanceAddress(ip, Wire.SHIM_PORT, pod.getMetadata().getName());
    }

    private static PodKey key(Pod pod) {
        return new PodKey(pod.getMetadata().getNamespace(), pod.getMetadata().getName());
    }
}
