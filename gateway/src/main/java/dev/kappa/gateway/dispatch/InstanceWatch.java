package dev.kappa.gateway.dispatch;

import dev.kappa.gateway.dispatch.Instance.Phase;
import dev.kappa.wire.DemandReport.LostInstance;
import dev.kappa.wire.ShimState;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** When a silent instance is asked for its state, and what its answer means; guarded by the function's dispatcher. */
final class InstanceWatch {
    /** A hello normally comes first; asking is for the lost one. */
    private static final long FIRST_ASK_MS = 250;

    private static final long ASK_AGAIN_MS = 200;
    private static final long ASK_STARTING_AGAIN_MS = 1000;

    private final long lostAfterMs;

    InstanceWatch(long lostAfterMs) {
        this.lostAfterMs = lostAfterMs;
    }

    Instance starting(String pod, @Nullable InstanceAddress address, String revision, long nowMs) {
        Instance instance = new Instance(pod, address, revision, nowMs);
        instance.nextAskAtMs = nowMs + FIRST_ASK_MS;
        return instance;
    }

    /** Its environment ended and its pod starts another. */
    void startAgain(Instance instance, long nowMs) {
        instance.hello = null;
        instance.enter(Phase.STARTING, nowMs);
        instance.nextAskAtMs = nowMs + ASK_STARTING_AGAIN_MS;
    }

    void suspend(Instance instance, long nowMs) {
        if (instance.phase == Phase.READY || instance.phase == Phase.BACKING_OFF) {
            instance.enter(Phase.SUSPENDED, nowMs);
            instance.nextAskAtMs = nowMs + ASK_AGAIN_MS;
        }
    }

    /** Instances whose time to be asked has come; each is asked once at a time. */
    List<Instance> toAsk(VersionState state, long nowMs) {
        List<Instance> due = state.instances.values().stream()
                .filter(instance -> instance.phase == Phase.STARTING || instance.phase == Phase.SUSPENDED)
                .filter(instance -> instance.address != null)
                .filter(instance -> !instance.asking && instance.nextAskAtMs <= nowMs)
                .toList();
        due.forEach(instance -> instance.asking = true);
        return due;
    }

    /**
     * Takes an answer in.
     *
     * @return the loss to report, or null
     */
    @Nullable
    LostInstance told(VersionState state, Instance instance, Optional<ShimState> answer, long nowMs) {
        instance.asking = false;
        if (instance.phase != Phase.STARTING && instance.phase != Phase.SUSPENDED) {
            return null;
        }
        instance.nextAskAtMs = nowMs + (instance.wasReady() ? ASK_AGAIN_MS : ASK_STARTING_AGAIN_MS);
        if (answer.isEmpty()) {
            return silent(state, instance, nowMs);
        }
        ShimState told = answer.get();
        switch (told.phase()) {
            case "ready" -> {
                instance.revision = told.revision();
                instance.capacity = Math.max(1, told.capacity());
                instance.readyAtMs = nowMs;
                instance.enter(Phase.READY, nowMs);
                state.offer(instance);
            }
            case "draining" -> instance.enter(Phase.DRAINING, nowMs);
            default -> {
                instance.initializing = true;
                instance.phaseSinceMs = nowMs;
            }
        }
        return null;
    }

    private @Nullable LostInstance silent(VersionState state, Instance instance, long nowMs) {
        if (!instance.wasReady() || nowMs - instance.phaseSinceMs < lostAfterMs) {
            return null;
        }
        instance.enter(Phase.LOST, nowMs);
        return new LostInstance(
                state.key.namespace(),
                instance.pod,
                "The instance was ready and has not answered the gateway for " + lostAfterMs + " ms");
    }
}
