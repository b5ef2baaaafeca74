package dev.kappa.shim.core;

import dev.kappa.shim.http.Exchange;
import dev.kappa.shim.http.Reply;
import dev.kappa.shim.http.Watchdog;
import dev.kappa.wire.Wire;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;

/** An admitted event, from the start of its handler to its answer. */
final class Invocation implements Watchdog.Watched {
    /** How long the first line may wait for the next one. */
    private static final long HELD_NS = 50_000_000;

    private final Invocations all;
    private final Exchange exchange;
    private final Event event;
    private final ExecutionEnvironment environment;
    private final int slot;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final long started = Watchdog.now();
    private volatile long showAt = started + HELD_NS;

    /**
     * @param slot the event's place in the journal
     */
    Invocation(Invocations all, Exchange exchange, Event event, ExecutionEnvironment environment, int slot) {
        this.all = all;
        this.exchange = exchange;
        this.event = event;
        this.environment = environment;
        this.slot = slot;
    }

    void begin(ExecutionEnvironment.Seat seat) {
        event.log().whenShown(() -> all.journal().shown(slot));
        all.watchdog().add(this);
        try {
            seat.run(event, this::end);
        } catch (RuntimeException e) {
            System.err.println("kappa: event " + event.requestId() + " failed in the shim: " + e);
            String type = "Runtime.Unknown";
            end(new Outcome.Failure(type, Outcome.error(type, "the shim failed: " + e)));
        }
    }

    /** On whichever thread has the outcome. */
    private void end(Outcome outcome) {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        try {
            Reply reply = reported(outcome);
            if (environment.ending()) {
                reply.with(Wire.ENDING, "1").last(); // nothing comes by this connection while the process ends
            }
            exchange.answer(reply);
        } catch (IOException e) {
            all.logs()
                    .line("kappa: the gateway went away before the answer of " + event.requestId() + ": "
                            + e.getMessage());
        } finally {
            all.journal().leave(slot);
            all.admission().leave();
        }
        if (outcome instanceof Outcome.Failure failure) {
            failure.afterwards().run();
        }
    }

    private Reply reported(Outcome outcome) {
        try {
            all.watchdog().remove(this);
            long durationUs = (Watchdog.now() - started) / 1_000;
            all.logs().line(event.log(), all.report(event, durationUs, outcome, environment));
            Reply reply = reply(outcome, durationUs).with(Wire.DURATION_US, Long.toString(durationUs));
            if (event.traceId() != null) {
                reply.with(Wire.TRACE_ID, event.traceId());
            }
            String tail = event.log().tailBase64();
            return tail.isEmpty() ? reply : reply.with(Wire.LOG_RESULT, tail);
        } finally {
            all.admission().ran();
        }
    }

    // no switch over the type: its bootstrap spins classes in the first event of every cold start
    private Reply reply(Outcome outcome, long durationUs) {
        if (outcome instanceof Outcome.Answer answer) {
            all.metrics().ended("success", durationUs);
            return Reply.json(200, answer.body());
        }
        if (outcome instanceof Outcome.Failure failure) {
            all.metrics().ended(failure.isTimeout() ? "timeout" : "error", durationUs);
            return Reply.json(200, failure.body()).with(Wire.FUNCTION_ERROR, "Unhandled");
        }
        return all.refusal(all.admission().notRun());
    }

    @Override
    public long deadline() {
        return showAt;
    }

    /** The event runs for long: its first line is to be seen, also if the process is killed next. */
    @Override
    public void late() {
        showAt = Watchdog.NEVER;
        Thread.ofPlatform().daemon().name("log").start(() -> all.logs().show(event.log()));
    }
}
