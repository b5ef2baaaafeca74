package dev.kappa.shim.core;

import dev.kappa.shim.http.Exchange;
import dev.kappa.shim.http.Reply;
import dev.kappa.shim.http.Watchdog;
import dev.kappa.wire.Wire;
import java.io.IOException;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicBoolean;

/** An admitted event, from the start of its handler to its answer. */
final class Invocation implements Watchdog.Watched {
    /** How long the first line may wait for the next one. */
    private static final long HELD_NS = 50_000_000;

    /** Longest error object behind a streamed answer, bytes. */
    private static final int MOST_ERROR = 32 << 10;

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
    private void end(Outcome first) {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        StreamedAnswer stream = event.stream();
        Outcome outcome = stream != null && stream.isTooLong() ? Outcome.tooLarge(StreamedAnswer.MOST) : first;
        try {
            long durationUs = report(outcome);
            Reply reply = reply(outcome, durationUs, stream != null && stream.close());
            addTo(reply, durationUs);
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
        if (first instanceof Outcome.Failure failure) {
            failure.afterwards().run();
        }
    }

    /** The handler is done, whatever its answer still has to wait for; answers how long it took. */
    private long report(Outcome outcome) {
        try {
            all.watchdog().remove(this);
            long durationUs = (Watchdog.now() - started) / 1_000;
            all.logs().line(event.log(), all.report(event, durationUs, outcome, environment));
            return durationUs;
        } finally {
            all.admission().ran();
        }
    }

    private void addTo(Reply reply, long durationUs) {
        reply.with(Wire.DURATION_US, Long.toString(durationUs));
        if (event.traceId() != null) {
            reply.with(Wire.TRACE_ID, event.traceId());
        }
        String tail = event.log().tailBase64();
        if (!tail.isEmpty()) {
            reply.with(Wire.LOG_RESULT, tail);
        }
    }

    // no switch over the type: its bootstrap spins classes in the first event of every cold start
    private Reply reply(Outcome outcome, long durationUs, boolean streamed) {
        if (outcome instanceof Outcome.Answer answer) {
            all.metrics().ended("success", durationUs);
            return streamed ? Reply.end() : Reply.json(200, answer.body());
        }
        if (outcome instanceof Outcome.Failure failure) {
            all.metrics().ended(failure.isTimeout() ? "timeout" : "error", durationUs);
            Reply reply = streamed ? failed(failure) : Reply.json(200, failure.body());
            reply.with(Wire.FUNCTION_ERROR, "Unhandled");
            return event.stream() == null ? reply : reply.with(Wire.ERROR_TYPE, failure.type());
        }
        return all.refusal(all.admission().notRun());
    }

    /** An error object that has no room in a trailer gives way to its type. */
    private static Reply failed(Outcome.Failure failure) {
        byte[] shown = failure.body().length <= MOST_ERROR
                ? failure.body()
                : Outcome.error(failure.type(), "the error object is longer than " + MOST_ERROR + " bytes");
        return Reply.end().with(Wire.ERROR_BODY, Base64.getEncoder().encodeToString(shown));
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
