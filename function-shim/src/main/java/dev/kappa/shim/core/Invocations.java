package dev.kappa.shim.core;

import dev.kappa.shim.http.Exchange;
import dev.kappa.shim.http.Reply;
import dev.kappa.shim.http.Watchdog;
import dev.kappa.shim.log.EventLog;
import dev.kappa.shim.log.Logs;
import dev.kappa.wire.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
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
    private final Watchdog watchdog;
    private final Room payloads;
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
            Watchdog watchdog,
            Supplier<@Nullable ExecutionEnvironment> environment) {
        this.settings = settings;
        this.logs = logs;
        this.journal = journal;
        this.admission = admission;
        this.metrics = metrics;
        this.watchdog = watchdog;
        this.payloads = settings.isJava() ? Room.unlimited() : Room.ofSmallHeap();
        this.environment = environment;
    }

    /** The first log line of an event. */
    public static String startLine(String requestId, String version) {
        return ReportLines.start(requestId, version);
    }

    /** The next event reports this as its init duration. */
    public void initialized(long ms) {
        unreportedInitMs.set(ms);
    }

    public void handle(Exchange exchange) throws IOException {
        String requestId = exchange.header(Wire.REQUEST_ID);
        if (requestId == null || !HeaderText.isId(requestId)) {
            exchange.answer(Reply.text(400, "the header " + Wire.REQUEST_ID + " is missing or no id"));
            return;
        }
        long taken = enter(exchange);
        try {
            handle(exchange, event(exchange, requestId));
        } finally {
            payloads.leave(taken);
        }
    }

    private long enter(Exchange exchange) throws IOException {
        try {
            return payloads.enter(exchange.bodyLength());
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private void handle(Exchange exchange, Event event) throws IOException {
        String refused = admission.tryEnter();
        if (refused != null) {
            refuse(exchange, refused);
            return;
        }
        ExecutionEnvironment now = environment.get();
        ExecutionEnvironment.Seat seat = now == null ? null : now.reserve();
        if (now == null || seat == null) {
            admission.ran();
            admission.leave();
            refuse(exchange, admission.notRun());
            return;
        }
        new Invocation(this, exchange, event, now, journal.enter(event.requestId())).begin(seat);
    }

    private Event event(Exchange exchange, String requestId) throws IOException {
        String context = exchange.header(Wire.CLIENT_CONTEXT);
        String arn = exchange.header(Wire.INVOKED_ARN);
        String trace = exchange.header(Wire.TRACE_ID);
        String tenant = exchange.header(Wire.TENANT_ID);
        byte[] payload = exchange.body();
        return new Event(
                requestId,
                arn == null || !HeaderText.isPlain(arn) ? "" : arn,
                context == null ? null : decoded(context),
                trace == null || !HeaderText.isPlain(trace) ? null : trace, // as Lambda, which replaces a malformed one
                new Payload(payload),
                System.currentTimeMillis() + settings.timeoutMs(),
                EventLog.of(startLine(requestId, settings.version()), "Tail".equals(exchange.header(Wire.LOG_TYPE))),
                tenant == null || !HeaderText.isPlain(tenant) ? null : tenant,
                Wire.STREAMING.equals(exchange.header(Wire.RESPONSE_MODE)) ? new StreamedAnswer(exchange) : null);
    }

    private static @Nullable String decoded(String base64) {
        try {
            return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return null; // the gateway validates it; a handler is not failed for it
        }
    }

    private void refuse(Exchange exchange, String reason) throws IOException {
        exchange.answer(refusal(reason));
    }

    /** Says that the event did not run. */
    Reply refusal(String reason) {
        metrics.refused(reason);
        Reply reply = Reply.text(503, "the event did not run: " + reason).with(Wire.REFUSED, reason);
        return admission.ending() ? reply.last() : reply;
    }

    /** The last lines of an event. */
    String report(Event event, long durationUs, Outcome outcome, ExecutionEnvironment now) {
        long initMs = unreportedInitMs.get() == NONE ? NONE : unreportedInitMs.getAndSet(NONE);
        return ReportLines.end(settings, event.requestId(), durationUs, outcome, memory(now), initMs);
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

    Logs logs() {
        return logs;
    }

    InFlightJournal journal() {
        return journal;
    }

    Admission admission() {
        return admission;
    }

    Metrics metrics() {
        return metrics;
    }

    Watchdog watchdog() {
        return watchdog;
    }
}
