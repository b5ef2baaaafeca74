package dev.kappa.gateway.dispatch;

import dev.kappa.gateway.dispatch.VersionState.Assignment;
import dev.kappa.wire.Hello;
import dev.kappa.wire.Wire;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends the events of one function to the instances that they were assigned to, and takes in what comes back. */
final class EventSender {
    private static final Logger LOG = LoggerFactory.getLogger(EventSender.class);

    /** On top of the function's timeout: initialisation (10 s) and the way. */
    private static final long GRACE_MS = 20_000;

    private static final long MAX_BACK_OFF_MS = 200;

    private final FunctionVersions versions;
    private final ShimCalls calls;
    private final ClusterView cluster;
    private final DispatchListener listener;
    private final LongSupplier clock;
    private final InstanceWatch watch;

    /**
     * @param versions state of the function, whose monitor guards it
     * @param watch suspends instances that did not answer as they should
     */
    EventSender(
            FunctionVersions versions,
            ShimCalls calls,
            ClusterView cluster,
            DispatchListener listener,
            LongSupplier clock,
            InstanceWatch watch) {
        this.versions = versions;
        this.calls = calls;
        this.cluster = cluster;
        this.listener = listener;
        this.clock = clock;
        this.watch = watch;
    }

    /** Sends each event; never throws, and each of them comes to an end. To be called without the monitor. */
    void send(List<Assignment> assignments) {
        for (Assignment assignment : assignments) {
            AdmittedEvent admitted = assignment.admitted();
            invoke(assignment)
                    .onComplete(
                            answer -> answered(admitted, assignment.instance(), answer),
                            e -> answered(admitted, assignment.instance(), new ShimAnswer.Broken(String.valueOf(e))));
        }
    }

    private Future<ShimAnswer> invoke(Assignment assignment) {
        Event event = assignment.admitted().event;
        try {
            InstanceAddress address = assignment.instance().address;
            if (address == null) {
                return Future.succeededFuture(new ShimAnswer.NotSent("its address is not known"));
            }
            return calls.invoke(address, event, assignment.timeoutSeconds() * 1000L + GRACE_MS);
        } catch (RuntimeException e) {
            LOG.error("Event {} of {} was not sent", event.requestId(), event.version(), e);
            return Future.succeededFuture(new ShimAnswer.NotSent(String.valueOf(e)));
        }
    }

    /** Ends an event whatever is thrown meanwhile: else what is reserved for it would be lost until the gateway restarts. */
    private void answered(AdmittedEvent admitted, Instance instance, ShimAnswer answer) {
        try {
            take(admitted, instance, answer);
        } catch (RuntimeException e) {
            LOG.error("The answer to event {} was not taken in", admitted.event.requestId(), e);
            fail(admitted, e);
        }
    }

    /** Ends an event that the gateway itself failed. */
    void fail(AdmittedEvent admitted, RuntimeException e) {
        synchronized (versions) {
            versions.get(admitted.event.version()).forget(admitted, clock.getAsLong());
            admitted.release();
        }
        admitted.complete(new Answer.Failed(500, "The gateway failed: " + e));
    }

    private void take(AdmittedEvent admitted, Instance instance, ShimAnswer answer) {
        switch (answer) {
            case ShimAnswer.Done done -> done(admitted, instance, done);
            case ShimAnswer.Refused refused -> elsewhere(admitted, instance, refused.reason());
            case ShimAnswer.NotSent notSent -> elsewhere(admitted, instance, notSent.cause());
            case ShimAnswer.Unexpected unexpected -> {
                settle(admitted, state -> {
                    state.outcomes.ended(true);
                    state.offerAgain(instance);
                    return null;
                });
                finish(
                        admitted,
                        new Answer.Failed(
                                502,
                                "Instance " + instance.pod + " answered " + unexpected.status() + ": "
                                        + unexpected.text()));
            }
            case ShimAnswer.Broken broken -> broken(admitted, instance, broken);
        }
    }

    private void done(AdmittedEvent admitted, Instance instance, ShimAnswer.Done done) {
        ColdStart coldStart = settle(admitted, state -> {
            ColdStart start = coldStart(admitted, instance);
            state.completed(done.durationUs());
            state.outcomes.executed(done.durationUs(), done.functionError() != null);
            if (done.ending() || instance.failedToInitialize()) {
                watch.suspend(instance, clock.getAsLong());
            } else {
                state.offerAgain(instance);
            }
            return start;
        });
        finish(
                admitted,
                new Answer.Executed(done.payload(), done.functionError(), done.logResult(), done.traceId(), coldStart));
    }

    private void broken(AdmittedEvent admitted, Instance instance, ShimAnswer.Broken broken) {
        settle(admitted, state -> {
            state.outcomes.ended(true);
            // It proves itself before it gets another event.
            watch.suspend(instance, clock.getAsLong());
            return null;
        });
        InstanceAddress address = instance.address;
        if (address == null) {
            finish(admitted, Endings.unknown(admitted.event, instance.pod, broken));
            return;
        }
        calls.fate(address, admitted.event)
                .onComplete(
                        fate -> finish(admitted, Endings.of(admitted.event, instance.pod, broken, fate)),
                        e -> finish(admitted, Endings.unknown(admitted.event, instance.pod, broken)));
    }

    /** Frees what an event that ended had reserved, and lets others have it. */
    private @Nullable ColdStart settle(AdmittedEvent admitted, Function<VersionState, @Nullable ColdStart> ending) {
        List<Assignment> assignments;
        ColdStart coldStart;
        synchronized (versions) {
            VersionState state = versions.get(admitted.event.version());
            admitted.release();
            coldStart = ending.apply(state);
            assignments = versions.assignAfter(state, clock.getAsLong());
        }
        send(assignments);
        return coldStart;
    }

    /** The event did not run. */
    private void elsewhere(AdmittedEvent admitted, Instance instance, String reason) {
        Event event = admitted.event;
        List<Assignment> assignments;
        boolean moved;
        boolean unmet;
        synchronized (versions) {
            long now = clock.getAsLong();
            VersionState state = versions.current(event.version());
            moved = !cluster.owns(event.version().functionKey());
            if (moved) {
                admitted.release();
            } else {
                state.requeue(admitted, now);
            }
            switch (reason) {
                case Wire.REFUSED_BUSY -> backOff(state, instance, now);
                case Wire.REFUSED_DRAINING -> instance.enter(Instance.Phase.DRAINING, now);
                default -> watch.suspend(instance, now);
            }
            assignments = versions.assign(state, now);
            unmet = versions.unmet(state);
        }
        send(assignments);
        if (moved) {
            admitted.complete(new Answer.Moved());
        }
        if (unmet) {
            listener.unmet(event.version());
        }
    }

    private void backOff(VersionState state, Instance instance, long now) {
        if (instance.phase != Instance.Phase.READY) {
            return;
        }
        instance.enter(Instance.Phase.BACKING_OFF, now);
        long delayMs = Math.min(MAX_BACK_OFF_MS, 2L << Math.min(instance.busyAnswers++, 10));
        calls.after(delayMs, () -> {
            List<Assignment> assignments;
            synchronized (versions) {
                long later = clock.getAsLong();
                if (instance.phase == Instance.Phase.BACKING_OFF) {
                    instance.enter(Instance.Phase.READY, later);
                    state.offer(instance);
                }
                assignments = versions.assign(state, later);
            }
            send(assignments);
        });
    }

    /** Tells the caller and the listener; what was reserved is free already. */
    void finish(AdmittedEvent admitted, Answer answer) {
        listener.ended(admitted.event.version(), answer, clock.getAsLong() - admitted.event.arrivedAtMs());
        admitted.complete(answer);
    }

    /** To be called with the monitor. */
    private @Nullable ColdStart coldStart(AdmittedEvent admitted, Instance instance) {
        Event event = admitted.event;
        long arrived = event.arrivedAtMs();
        if (!admitted.waited || instance.readyAtMs < arrived) {
            return null;
        }
        KnownPod pod = cluster.pod(event.version().namespace(), instance.pod);
        Hello hello = instance.hello;
        return new ColdStart(
                ColdStart.since(admitted.decidedAtMs, arrived),
                ColdStart.since(pod == null ? 0 : pod.scheduledAtMs(), arrived),
                ColdStart.since(hello == null ? 0 : hello.processStartedAtMs(), arrived),
                ColdStart.since(hello == null ? 0 : hello.initializedAtMs(), arrived),
                clock.getAsLong() - arrived);
    }
}
