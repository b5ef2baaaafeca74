package dev.kappa.gateway.dispatch;

import dev.kappa.gateway.dispatch.VersionState.Assignment;
import dev.kappa.lambda.ThrottleReason;
import dev.kappa.lambda.VersionKey;
import dev.kappa.wire.DemandReport.LostInstance;
import dev.kappa.wire.DemandReport.VersionDemand;
import dev.kappa.wire.Farewell;
import dev.kappa.wire.Hello;
import dev.kappa.wire.Wire;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Runs the events of one function: the one place where its concurrency is counted. */
final class FunctionDispatcher {
    /** On top of the function's timeout: initialisation (10 s) and the way. */
    private static final long GRACE_MS = 20_000;

    private static final long MAX_BACK_OFF_MS = 200;

    private final Limits limits;
    private final ShimCalls calls;
    private final Facts facts;
    private final DispatchListener listener;
    private final LongSupplier clock;
    private final InstanceWatch watch;
    private final FunctionVersions versions;

    FunctionDispatcher(Limits limits, ShimCalls calls, Facts facts, DispatchListener listener, LongSupplier clock) {
        this.limits = limits;
        this.calls = calls;
        this.facts = facts;
        this.listener = listener;
        this.clock = clock;
        this.watch = new InstanceWatch(limits.lostAfterMs());
        this.versions = new FunctionVersions(facts, limits.queue());
    }

    /**
     * Runs an event.
     *
     * @param anyway also if another gateway owns the function
     */
    Future<Answer> submit(Event event, boolean anyway) {
        VersionFacts known = facts.version(event.version());
        if (known == null) {
            return Future.succeededFuture(new Answer.Failed(
                    500, "Version " + event.version() + " is not known to its gateway yet; try again."));
        }
        Waiting waiting = new Waiting(event);
        List<Assignment> assignments;
        boolean unmet;
        synchronized (this) {
            // Under the lock: who becomes the owner meanwhile finds the event in what is released.
            if (!anyway && isMoved(event)) {
                return Future.succeededFuture(new Answer.Moved());
            }
            long now = clock.getAsLong();
            VersionState state = versions.current(event.version(), now);
            ThrottleReason refusal = versions.admit(event, state, known);
            if (refusal != null) {
                return Future.succeededFuture(new Answer.Throttled(refusal));
            }
            state.enqueue(waiting, now);
            assignments = versions.assign(state, now);
            unmet = versions.unmet(state);
            waiting.waited = unmet;
        }
        send(assignments);
        if (unmet) {
            listener.unmet(event.version());
        }
        return waiting.answer.future();
    }

    void hello(VersionKey key, Hello hello) {
        List<Assignment> assignments;
        synchronized (this) {
            long now = clock.getAsLong();
            VersionState state = versions.current(key, now);
            Instance instance = state.instances.computeIfAbsent(
                    hello.pod(), pod -> new Instance(pod, hello.address(), hello.revision(), now));
            instance.greet(hello, now);
            state.offer(instance);
            assignments = versions.assign(state, now);
        }
        send(assignments);
        listener.hello(hello);
    }

    /** The pod of an instance whose environment ended is to be replaced; a shim may say so of its own version only. */
    void farewell(VersionKey key, Farewell farewell) {
        synchronized (this) {
            Instance instance =
                    versions.current(key, clock.getAsLong()).instances.get(farewell.pod());
            if (instance == null) {
                return; // it says so again, when the watch has its pod
            }
            instance.enter(Instance.Phase.LOST, clock.getAsLong());
        }
        listener.lost(key, new LostInstance(key.namespace(), farewell.pod(), farewell.reason()));
    }

    /** A pod has an address: if its hello got lost, its state is asked for. */
    void podSeen(VersionKey key, String pod, String address, String revision) {
        synchronized (this) {
            long now = clock.getAsLong();
            versions.current(key, now)
                    .instances
                    .computeIfAbsent(pod, name -> watch.starting(name, address, revision, now));
        }
    }

    void podGone(VersionKey key, String pod) {
        synchronized (this) {
            VersionState state = versions.find(key);
            if (state != null) {
                state.instances.remove(pod);
            }
        }
    }

    /** Forgets instances whose pods are gone although nobody said so. */
    synchronized void retain(Predicate<String> podExists, long olderThanMs) {
        long before = clock.getAsLong() - olderThanMs;
        for (VersionState state : versions.all()) {
            state.instances
                    .values()
                    .removeIf(instance -> instance.phaseSinceMs < before && !podExists.test(instance.pod));
        }
        versions.all().removeIf(VersionState::idle);
    }

    /** The catalog changed: another revision may be the current one. */
    void changed() {
        List<Assignment> assignments = new ArrayList<>();
        synchronized (this) {
            long now = clock.getAsLong();
            for (VersionState state : List.copyOf(versions.all())) {
                versions.current(state.key, now);
                assignments.addAll(versions.assign(state, now));
            }
        }
        send(assignments);
    }

    /** Another gateway is the owner now: what waits goes there. */
    void release() {
        List<Waiting> moved = new ArrayList<>();
        synchronized (this) {
            long now = clock.getAsLong();
            for (VersionState state : versions.all()) {
                moved.addAll(state.drain(now));
                state.instances.clear();
            }
            versions.leftWaiting(moved);
        }
        moved.forEach(waiting -> waiting.answer.complete(new Answer.Moved()));
    }

    void releaseBackground() {
        List<Waiting> moved = new ArrayList<>();
        synchronized (this) {
            long now = clock.getAsLong();
            versions.all().forEach(state -> moved.addAll(state.drainBackground(now)));
        }
        moved.forEach(waiting -> waiting.answer.complete(new Answer.Moved()));
    }

    /** The operator scaled a version up. */
    synchronized void decided(VersionKey key) {
        VersionState state = versions.find(key);
        if (state != null) {
            long now = clock.getAsLong();
            state.queue.stream().filter(w -> w.decidedAtMs == 0).forEach(w -> w.decidedAtMs = now);
        }
    }

    synchronized void demand(List<VersionDemand> into, Predicate<VersionKey> wanted) {
        long now = clock.getAsLong();
        for (VersionState state : versions.all()) {
            if (wanted.test(state.key)) {
                into.add(state.demand(now, versions.places(state)));
            }
        }
    }

    /** Ends what waited too long, and asks silent instances for their state. */
    void tick() {
        List<Runnable> actions = new ArrayList<>();
        synchronized (this) {
            long now = clock.getAsLong();
            for (VersionState state : versions.all()) {
                expire(state, now, actions);
                for (Instance instance : watch.toAsk(state, now)) {
                    actions.add(() -> ask(state, instance));
                }
            }
        }
        actions.forEach(Runnable::run);
    }

    synchronized int admitted() {
        return versions.admitted();
    }

    private void expire(VersionState state, long now, List<Runnable> actions) {
        for (Waiting old = state.expire(now - limits.waitMs(), now);
                old != null;
                old = state.expire(now - limits.waitMs(), now)) {
            versions.left();
            state.outcomes.ended(true);
            actions.add(giveUp(old));
        }
        state.expireBackground(now).forEach(old -> actions.add(giveUp(old)));
    }

    private Runnable giveUp(Waiting waiting) {
        String why = whyNoInstance(waiting.event.version(), clock.getAsLong() - waiting.event.arrivedAtMs());
        return () -> finish(waiting, new Answer.Failed(500, why));
    }

    private String whyNoInstance(VersionKey key, long waitedMs) {
        VersionFacts known = facts.version(key);
        String why = known == null
                ? "the version was deleted"
                : known.notReady() != null
                        ? known.notReady()
                        : known.revision() == null
                                ? "the operator has not prepared it yet"
                                : "no instance of revision " + known.revision() + " was free; look at the pods labelled"
                                        + " kappa.dev/function=" + key.function();
        return "No instance of " + key + " took the event within " + waitedMs / 1000 + " s: " + why + ".";
    }

    private void send(List<Assignment> assignments) {
        for (Assignment assignment : assignments) {
            Event event = assignment.waiting().event;
            VersionFacts known = facts.version(event.version());
            long limitMs = (known == null ? 900 : known.timeoutSeconds()) * 1000L + GRACE_MS;
            Instance instance = assignment.instance();
            String address = instance.address;
            calls.invoke(address, event, limitMs)
                    .onSuccess(answer -> answered(assignment.waiting(), instance, address, answer))
                    .onFailure(e -> answered(
                            assignment.waiting(), instance, address, new ShimAnswer.Broken(String.valueOf(e))));
        }
    }

    private void answered(Waiting waiting, Instance instance, String address, ShimAnswer answer) {
        switch (answer) {
            case ShimAnswer.Done done -> {
                ColdStart coldStart = coldStart(waiting, instance);
                settle(waiting, instance, state -> {
                    state.completed(done.durationUs());
                    state.outcomes.executed(done.durationUs(), done.functionError() != null);
                    state.offerAgain(instance);
                });
                finish(
                        waiting,
                        new Answer.Executed(
                                done.payload(), done.functionError(), done.logResult(), done.traceId(), coldStart));
            }
            case ShimAnswer.Refused refused -> elsewhere(waiting, instance, refused.reason());
            case ShimAnswer.NotSent notSent -> elsewhere(waiting, instance, notSent.cause());
            case ShimAnswer.Unexpected unexpected -> {
                settle(waiting, instance, state -> {
                    state.outcomes.ended(true);
                    state.offerAgain(instance);
                });
                finish(
                        waiting,
                        new Answer.Failed(
                                502,
                                "Instance " + instance.pod + " answered " + unexpected.status() + ": "
                                        + unexpected.text()));
            }
            case ShimAnswer.Broken broken -> {
                settle(waiting, instance, state -> {
                    state.outcomes.ended(true);
                    // It proves itself before it gets another event.
                    watch.suspend(instance, clock.getAsLong());
                });
                calls.fate(address, waiting.event)
                        .onComplete(
                                fate -> finish(waiting, Endings.of(waiting.event, instance.pod, broken, fate)),
                                e -> finish(waiting, Endings.unknown(waiting.event, instance.pod, broken)));
            }
        }
    }

    /** Frees the slot of an event that ended. */
    private void settle(Waiting waiting, Instance instance, Consumer<VersionState> ending) {
        List<Assignment> assignments;
        synchronized (this) {
            long now = clock.getAsLong();
            VersionState state = versions.get(waiting.event.version(), now);
            versions.left();
            state.freeSlot(instance, now);
            ending.accept(state);
            assignments = versions.assignAfter(state, now);
        }
        send(assignments);
    }

    private void elsewhere(Waiting waiting, Instance instance, String reason) {
        List<Assignment> assignments;
        boolean moved;
        boolean unmet;
        synchronized (this) {
            long now = clock.getAsLong();
            VersionState state = versions.current(waiting.event.version(), now);
            moved = isMoved(waiting.event);
            if (moved) {
                state.freeSlot(instance, now);
                versions.left();
            } else {
                state.requeue(waiting, instance, now);
                versions.requeued(waiting.event);
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
            waiting.answer.complete(new Answer.Moved());
        }
        if (unmet) {
            listener.unmet(waiting.event.version());
        }
    }

    private boolean isMoved(Event event) {
        return !facts.owns(event.version().functionKey());
    }

    private void backOff(VersionState state, Instance instance, long now) {
        if (instance.phase != Instance.Phase.READY) {
            return;
        }
        instance.enter(Instance.Phase.BACKING_OFF, now);
        long delayMs = Math.min(MAX_BACK_OFF_MS, 2L << Math.min(instance.busyAnswers++, 10));
        calls.after(delayMs, () -> {
            List<Assignment> assignments;
            synchronized (this) {
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

    private void ask(VersionState state, Instance instance) {
        calls.state(instance.address, state.key).onSuccess(answer -> {
            List<Assignment> assignments;
            LostInstance lost;
            synchronized (this) {
                long now = clock.getAsLong();
                lost = watch.told(state, instance, answer, now);
                assignments = versions.assign(state, now);
            }
            send(assignments);
            if (lost != null) {
                listener.lost(state.key, lost);
            }
        });
    }

    private void finish(Waiting waiting, Answer answer) {
        listener.ended(waiting.event.version(), answer, clock.getAsLong() - waiting.event.arrivedAtMs());
        waiting.answer.tryComplete(answer);
    }

    private synchronized @Nullable ColdStart coldStart(Waiting waiting, Instance instance) {
        Event event = waiting.event;
        long arrived = event.arrivedAtMs();
        if (!waiting.waited || instance.readyAtMs < arrived) {
            return null;
        }
        Hello hello = instance.hello;
        long scheduled = facts.podScheduledAtMs(event.version().namespace(), instance.pod);
        return new ColdStart(
                ColdStart.since(waiting.decidedAtMs, arrived),
                ColdStart.since(scheduled, arrived),
                ColdStart.since(hello == null ? 0 : hello.processStartedAtMs(), arrived),
                ColdStart.since(hello == null ? 0 : hello.initializedAtMs(), arrived),
                clock.getAsLong() - arrived);
    }
}
