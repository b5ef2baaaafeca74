package dev.kappa.shim.runtimeapi;

import dev.kappa.shim.core.Event;
import dev.kappa.shim.core.Outcome;
import dev.kappa.shim.http.Watchdog;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An event of a runtime: who has it, its first outcome, and who has to hear of that once all of its lines are copied. */
final class RunningEvent implements Watchdog.Watched {
    private final Event event;
    private final Consumer<RunningEvent> late;
    private final Consumer<Outcome> whenEnded;
    private final AtomicBoolean settled = new AtomicBoolean();
    private volatile long deadline;
    private RuntimeApi.@Nullable Waiting by;
    private @Nullable Outcome outcome;
    private boolean claimed;

    /**
     * @param late called on a thread of its own, at the deadline and at the one of {@link #note}
     */
    RunningEvent(Event event, Consumer<RunningEvent> late, Consumer<Outcome> whenEnded) {
        this.event = event;
        this.late = late;
        this.whenEnded = whenEnded;
        this.deadline = Watchdog.now() + event.remainingMs() * 1_000_000;
    }

    Event event() {
        return event;
    }

    synchronized void givenTo(RuntimeApi.@Nullable Waiting taker) {
        by = taker;
    }

    synchronized boolean isWith(RuntimeApi.Waiting taker) {
        return taker.equals(by) && outcome == null;
    }

    synchronized boolean wasGiven() {
        return by != null;
    }

    synchronized boolean isUnanswered() {
        return by != null && outcome == null;
    }

    /** Whether this is the first answer to an event that the runtime has. */
    synchronized boolean claim() {
        boolean first = by != null && outcome == null && !claimed;
        claimed |= first;
        return first;
    }

    /** Waits for an outcome, for so long at most. */
    synchronized void awaitOutcome(long limitMs) throws InterruptedException {
        long end = System.nanoTime() + limitMs * 1_000_000;
        for (long left = limitMs; outcome == null && left > 0; left = (end - System.nanoTime()) / 1_000_000) {
            wait(left);
        }
    }

    synchronized boolean hasOutcome() {
        return outcome != null;
    }

    /** Notes the outcome, false if there is one already; what the event printed has so long to arrive. */
    synchronized boolean note(Outcome first, long printLimitMs) {
        if (outcome != null) {
            return false;
        }
        outcome = first;
        notifyAll();
        deadline = Watchdog.now() + printLimitMs * 1_000_000;
        return true;
    }

    /** The noted outcome, for the one who asks first. */
    synchronized @Nullable Outcome settle() {
        return settled.compareAndSet(false, true) ? outcome : null;
    }

    void tell(Outcome noted) {
        whenEnded.accept(noted);
    }

    @Override
    public long deadline() {
        return deadline;
    }

    @Override
    public void late() {
        deadline = Watchdog.NEVER;
        Thread.ofPlatform().daemon().name("late").start(() -> late.accept(this));
    }
}
