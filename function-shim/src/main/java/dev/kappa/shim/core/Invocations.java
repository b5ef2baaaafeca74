package dev.kappa.shim.core;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import dev.kappa.shim.log.LogTail;
import dev.kappa.shim.log.Logs;
import dev.kappa.wire.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Answers {@link Wire#INVOKE}: admits an event, has it run, and reports it in the log. */
public final class Invocations {
    private static final long NONE = -1;

    private final Settings settings;
    private final Logs logs;
    private final InFlightJournal journal;
    private final Admission admission;
    private final Metrics metrics;
    private final Supplier<@Nullable ExecutionEnvironment> environment;
    private final AtomicLong unreportedInitMs = new AtomicLong(NONE);
    private final AtomicLong memoryReadAt = new AtomicLong();
    private volatile int peakMemoryMb;

    /**
     * @param environment the environment, null before there is one
     */
    public Invocations(
            Settings settings,
            Logs logs,
            InFlightJournal journal,
            Admission admission,
            Metrics metrics,
            Supplier<@Nullable ExecutionEnvironment> environment) {
        this.settings = settings;
        this.logs = logs;
        this.journal = journal;
        this.admission = admission;
        this.metrics = metrics;
        this.environment = environment;
    }

    /** The next event reports this as its init duration. */
    public void initialized(long ms) {
        unreportedInitMs.set(ms);
    }

    public void handle(HttpExchange exchange) throws IOException, InterruptedException {
        String requestId = exchange.getRequestHeaders().getFirst(Wire.REQUEST_ID);
        if (requestId == null || !HeaderText.isId(requestId)) {
            ShimServer.answer(exchange, 400, "the header " + Wire.REQUEST_ID + " is missing or no id");
            return;
        }
        Event event = event(exchange, requestId);
        String refused = admission.tryEnter();
        if (refused != null) {
            refuse(exchange, refused);
            return;
        }
        Outcome outcome;
        try {
            ExecutionEnvironment now = environment.get();
            ExecutionEnvironment.Seat seat = now == null ? null : now.reserve();
            if (now == null || seat == null) {
                admission.ran();
                refuse(exchange, admission.notRun());
                return;
            }
            outcome = runNoted(exchange, event, now, seat);
        } finally {
            admission.leave();
        }
        if (outcome instanceof Outcome.Failure failure) {
            failure.afterwards().run();
        }
    }

    private Outcome runNoted(
            HttpExchange exchange, Event event, ExecutionEnvironment now, ExecutionEnvironment.Seat seat)
            throws IOException, InterruptedException {
        int slot = journal.enter(event.requestId());
        try {
            Outcome outcome;
            try {
                outcome = run(exchange, event, now, seat);
            } finally {
                admission.ran();
            }
            if (now.ending()) {
                exchange.getResponseHeaders().set(Wire.ENDING, "1");
                exchange.getResponseHeaders().set("Connection", "close"); // nothing comes by it while the process ends
            }
            answer(exchange, outcome);
            return outcome;
        } finally {
            journal.leave(slot);
        }
    }

    private Outcome run(HttpExchange exchange, Event event, ExecutionEnvironment now, ExecutionEnvironment.Seat seat)
            throws InterruptedException {
        logs.line(event.log(), "START RequestId: " + event.requestId() + " Version: " + settings.version());
        long started = System.nanoTime();
        Outcome outcome = seat.run(event);
        long durationUs = (System.nanoTime() - started) / 1_000;
        Headers headers = exchange.getResponseHeaders();
        headers.set(Wire.DURATION_US, Long.toString(durationUs));
        if (event.traceId() != null) {
            headers.set(Wire.TRACE_ID, event.traceId());
        }
        logs.line(event.log(), report(event.requestId(), durationUs, outcome, now));
        if ("Tail".equals(exchange.getRequestHeaders().getFirst(Wire.LOG_TYPE))) {
            headers.set(Wire.LOG_RESULT, event.log().base64());
        }
        if (outcome instanceof Outcome.Answer) {
            metrics.ended("success", durationUs);
        } else if (outcome instanceof Outcome.Failure failure) {
            metrics.ended(failure.type().equals("Sandbox.Timedout") ? "timeout" : "error", durationUs);
        }
        return outcome;
    }

    // no switch over the type: its bootstrap spins classes in the first event of every cold start
    private void answer(HttpExchange exchange, Outcome outcome) throws IOException {
        if (outcome instanceof Outcome.Answer answer) {
            send(exchange, answer.body());
        } else if (outcome instanceof Outcome.Failure failure) {
            exchange.getResponseHeaders().set(Wire.FUNCTION_ERROR, "Unhandled");
            send(exchange, failure.body());
        } else {
            refuse(exchange, admission.notRun());
        }
    }

    private void send(HttpExchange exchange, byte[] body) {
        try {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            ShimServer.send(exchange, 200, body);
        } catch (IOException e) {
            logs.line("kappa: the gateway went away before the answer of "
                    + exchange.getRequestHeaders().getFirst(Wire.REQUEST_ID) + ": " + e.getMessage());
        }
    }

    private Event event(HttpExchange exchange, String requestId) throws IOException {
        Headers headers = exchange.getRequestHeaders();
        String context = headers.getFirst(Wire.CLIENT_CONTEXT);
        String arn = headers.getFirst(Wire.INVOKED_ARN);
        String trace = headers.getFirst(Wire.TRACE_ID);
        byte[] payload = exchange.getRequestBody().readAllBytes();
        return new Event(
                requestId,
                arn == null || !HeaderText.isPlain(arn) ? "" : arn,
                context == null ? null : decoded(context),
                trace == null || !HeaderText.isPlain(trace) ? null : trace, // as Lambda, which replaces a malformed one
                payload,
                System.currentTimeMillis() + settings.timeoutMs(),
                new LogTail());
    }

    private static @Nullable String decoded(String base64) {
        try {
            return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return null; // the gateway validates it; a handler is not failed for it
        }
    }

    private void refuse(HttpExchange exchange, String reason) throws IOException {
        metrics.refused(reason);
        if (admission.ending()) {
            exchange.getResponseHeaders().set("Connection", "close");
        }
        exchange.getResponseHeaders().set(Wire.REFUSED, reason);
        ShimServer.answer(exchange, 503, "the event did not run: " + reason);
    }

    private String report(String requestId, long durationUs, Outcome outcome, ExecutionEnvironment now) {
        double ms = durationUs / 1_000.0;
        long initMs = unreportedInitMs.getAndSet(NONE);
        StringBuilder text = new StringBuilder(256);
        if (outcome instanceof Outcome.Failure failure && failure.type().equals("Sandbox.Timedout")) {
            text.append(String.format(
                    Locale.ROOT,
                    "RequestId: %s Error: Task timed out after %.2f seconds%n",
                    requestId,
                    settings.timeoutMs() / 1_000.0));
        }
        text.append("END RequestId: ").append(requestId).append('\n');
        text.append("REPORT RequestId: ").append(requestId);
        text.append(String.format(Locale.ROOT, "\tDuration: %.2f ms", ms));
        text.append("\tBilled Duration: ").append((long) Math.ceil(ms)).append(" ms");
        text.append("\tMemory Size: ").append(settings.memoryMb()).append(" MB");
        text.append("\tMax Memory Used: ").append(memory(now)).append(" MB\t");
        if (initMs != NONE) {
            text.append("Init Duration: ").append(initMs).append(".00 ms\t");
        }
        return text.toString();
    }

    /** Read at most once a second: the kernel takes some 20 µs to write it up. */
    private int memory(ExecutionEnvironment now) {
        long time = System.currentTimeMillis();
        long before = memoryReadAt.get();
        if (time - before >= 1_000 && memoryReadAt.compareAndSet(before, time)) {
            peakMemoryMb = Math.max(peakMemoryMb, now.peakMemoryMb());
        }
        return peakMemoryMb;
    }
}
