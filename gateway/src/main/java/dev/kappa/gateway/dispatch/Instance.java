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

    @Nullable
    InstanceAddress address;

    String revision;
    int capacity = 1;
    Phase phase = Phase.STARTING;
    int inFlight;
    int busyAnswers;
    boolean listedAsFree;
    boolean asking;
    boolean initializing;
    long phaseSinceMs;
    long nextAskAtMs;
    long lastUsedAtMs;
    long readyAtMs;

    @Nullable
    Hello hello;

    Instance(String pod, @Nullable InstanceAddress address, String revision, long nowMs) {
        this.pod = pod;
        this.address = address;
        this.revision = revision;
        this.phaseSinceMs = nowMs;
        this.lastUsedAtMs = nowMs;
    }

    void enter(Phase next, long nowMs) {
        initializing &= next == Phase.STARTING || next == Phase.SUSPENDED;
        if (phase != next) {
            phase = next;
            phaseSinceMs = nowMs;
        }
    }

    /**
     * It said that it is initialised, or could not be.
     *
     * @param from where it listens; null if that is not known for certain: then it takes events once it is located
     */
    void greet(Hello said, @Nullable InstanceAddress from, long nowMs) {
        hello = said;
        address = from == null ? address : from;
        revision = said.revision();
        capacity = failedToInitialize() ? 1 : Math.max(1, said.capacity());
        busyAnswers = 0;
        if (address == null) {
            enter(Phase.STARTING, nowMs);
        } else {
            readyAtMs = nowMs;
            enter(Phase.READY, nowMs);
        }
    }

    /** The watch of pods told where it listens. */
    void locate(InstanceAddress told, long nowMs) {
        boolean late = address == null;
        address = told;
        if (late && hello != null && phase == Phase.STARTING) {
            readyAtMs = nowMs;
            enter(Phase.READY, nowMs);
        }
    }

    /** It answers one event with the error of its initialisation, and ends. */
    boolean failedToInitialize() {
        return hello != null && hello.initErrorType() != null;
    }

    boolean takes(@Nullable String current) {
        return phase == Phase.READY && inFlight < capacity && revision.equals(current);
    }

    /** What an event takes of its capacity: one that weighs more than all of it has it alone. */
    int seatsOf(AdmittedEvent event) {
        return Math.min(event.seats, capacity);
    }

    boolean hasRoomFor(AdmittedEvent event) {
        return inFlight + seatsOf(event) <= capacity;
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
