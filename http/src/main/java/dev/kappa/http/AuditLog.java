package dev.kappa.http;

import dev.kappa.identity.Action;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes which calls were made and refused, as JSON, a line each, on a thread of its own: no call waits for it. If more come than
 * can be written, some are lost, which a line tells.
 */
public final class AuditLog {
    /** For ports whose callers are Kappa's own processes. */
    public static final AuditLog NONE = new AuditLog("", new Recorded(false, false), OutputStream.nullOutputStream());

    private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);

    /** Some 500 bytes each: what a busy disk may take back later. */
    private static final int WAITING = 16 * 1024;

    private static final int AT_ONCE = 256;

    /**
     * What is recorded beside refused calls and calls that change something.
     *
     * @param invocations events that were let in
     * @param reads calls that were let in and change nothing
     */
    public record Recorded(boolean invocations, boolean reads) {}

    private final String process;
    private final Recorded recorded;
    private final OutputStream out;
    private final BlockingQueue<AuditEntry> queue = new ArrayBlockingQueue<>(WAITING);
    private final AtomicInteger inHand = new AtomicInteger();
    private final AtomicLong lost = new AtomicLong();

    /**
     * A log; nothing is written before {@link #start}.
     *
     * @param process whose calls it records
     * @param recorded which of those that were let in
     * @param out where to; nobody else writes there
     */
    public AuditLog(String process, Recorded recorded, OutputStream out) {
        this.process = process;
        this.recorded = recorded;
        this.out = out;
    }

    /**
     * Writes from now on.
     *
     * @return this
     */
    public AuditLog start() {
        Thread.ofPlatform().name("audit").daemon().start(this::write);
        return this;
    }

    /**
     * Entries that are not written yet; a process that leaves waits for them.
     *
     * @return their number
     */
    public int waiting() {
        return inHand.get();
    }

    /** Whether a call that was let in is recorded. */
    boolean wants(Action.Kind kind) {
        return this != NONE
                && switch (kind) {
                    case INVOCATION -> recorded.invocations();
                    case READ -> recorded.reads();
                    case WRITE -> true;
                };
    }

    /** Whether refused calls are recorded. */
    boolean wantsRefusals() {
        return this != NONE;
    }

    void add(AuditEntry entry) {
        inHand.incrementAndGet();
        if (!queue.offer(entry)) {
            inHand.decrementAndGet();
            lost.incrementAndGet();
        }
    }

    private void write() {
        List<AuditEntry> batch = new ArrayList<>(AT_ONCE);
        while (true) {
            try {
                batch.add(queue.take());
                queue.drainTo(batch, AT_ONCE - 1);
                out.write(lines(batch).getBytes(StandardCharsets.UTF_8));
                out.flush();
            } catch (InterruptedException e) {
                return;
            } catch (IOException | RuntimeException e) {
                LOG.error("{} entries of the audit log cannot be written", batch.size(), e);
            }
            inHand.addAndGet(-batch.size());
            batch.clear();
        }
    }

    private String lines(List<AuditEntry> batch) {
        StringBuilder lines = new StringBuilder(512 * batch.size());
        long missing = lost.getAndSet(0);
        if (missing > 0) {
            lines.append(new JsonObject()
                            .put("log", "audit")
                            .put("process", process)
                            .put("lost", missing))
                    .append('\n');
        }
        for (AuditEntry entry : batch) {
            lines.append(entry.json(process)).append('\n');
        }
        return lines.toString();
    }

    /** The JSON of a value that may be missing. */
    static void put(JsonObject json, String name, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            json.put(name, value);
        }
    }
}
