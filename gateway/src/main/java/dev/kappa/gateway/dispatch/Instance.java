package dev.kappa.gateway.dispatch;

import dev.kappa.wire.DemandReport;
import dev.kappa.wire.Hello;
import org.jspecify.annotations.Nullable;

/** One execution environment as the dispatcher sees it; guarded by the function's dispatcher. */
final class Instance {
    /** What the dispatcher may do with an instance. */
    enum Phase {
        /** Its pod is known, it has not said hello. */
        STARTING,
        /** Takes events. */
        READY,
        /** Said busy although a slot seemed free: left alone for some milliseconds. */
        BACKING_OFF,
        /** Broke a connection or is initialising again: asked for its state until it is ready or lost. */
        SUSPENDED,
        /** Finishes what it runs, takes nothing new. */
        DRAINING,
        /** Reported as lost. */
        LOST
    }

    final String pod;
    String address;
    String revision;
    int capacity = 1;
    Phase phase = Phase.STARTING;
    int inFlight;
    int busyAnswers;
    boolean listedAsFree;
    boolean asking;
    long phaseSinceMs;
    long nextAskAtMs;
    long lastUsedAtMs;
    long readyAtMs;

    @Nullable
    Hello hello;

    Instance(String pod, String address, String revision, long nowMs) {
        this.pod = pod;
        this.address = address;
        this.revision = revision;
        this.phaseSinceMs = nowMs;
        this.lastUsedAtMs = nowMs;
    }

    void enter(Phase next, long nowMs) {
        if (phase != next) {
            phase = next;
            phaseSinceMs = nowMs;
        }
    }

    void greet(Hello said, long nowMs) {
        hello = said;
        address = said.address();
        revision = said.revision();
        capacity = Math.max(1, said.capacity());
        busyAnswers = 0;
        readyAtMs = nowMs;
        enter(Phase.READY, nowMs);
    }

    boolean takes(@Nullable String current) {
        return phase == Phase.READY && inFlight < capacity && revision.equals(current);
    }

    /** Whether it can still be silent without being a loss: a pod that starts answers nothing at first. */
    boolean wasReady() {
        return readyAtMs != 0;
    }

    DemandReport.Instance report(long nowMs) {
        Long initMs = hello == null ? null : Math.max(0, hello.initializedAtMs() - hello.initStartedAtMs());
        return new DemandReport.Instance(pod, inFlight, inFlight > 0 ? 0 : Math.max(0, nowMs - lastUsedAtMs), initMs);
    }
}
