package dev.kappa.shim.process;

import dev.kappa.shim.log.LogTail;
import dev.kappa.shim.log.Logs;
import dev.kappa.shim.log.RunningLogs;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Copies what a child prints to the pod's log and to the events that it runs. To know when all is copied that the child printed
 * before it answered, it writes a mark into the child's own pipe, reads until the mark comes out, and drops it.
 */
public final class OutputPump {
    private static final int BLOCK = 8_192;
    private static final int LONGEST_HELD_LINE = BLOCK / 2;
    private static final long END_LIMIT_MS = 5_000;

    private final Process process;
    private final Logs logs;
    private final Thread thread;
    private final @Nullable OutputStream pipe;
    private final RunningLogs running = new RunningLogs();
    private final ConcurrentLinkedQueue<Mark> marks = new ConcurrentLinkedQueue<>();
    private final String markPrefix = "\0kappa-mark-" + Long.toHexString(System.nanoTime()) + "-";
    private final AtomicLong marksWritten = new AtomicLong();

    /** Bytes in the pipe; done once they came out. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Mark(byte[] bytes, CompletableFuture<Void> passed) {}

    OutputPump(Process process, Logs logs) {
        this.process = process;
        this.logs = logs;
        this.pipe = writeEnd(process);
        this.thread = Thread.ofPlatform().daemon().name("output").start(this::copy);
    }

    /** What comes from now on may be of this event. */
    public void enter(String requestId, LogTail log) {
        running.enter(requestId, log);
    }

    public void leave(String requestId) {
        running.leave(requestId);
    }

    /** Done once all is copied that the child has printed by now. */
    public CompletableFuture<Void> mark() {
        OutputStream out = pipe;
        if (out == null || !thread.isAlive()) {
            return CompletableFuture.completedFuture(null);
        }
        Mark mark = new Mark(
                (markPrefix + marksWritten.incrementAndGet() + "\0").getBytes(StandardCharsets.US_ASCII),
                new CompletableFuture<>());
        try {
            write(out, mark);
        } catch (IOException e) {
            mark.passed().complete(null); // the child is gone; awaitEnd waits for the rest
        }
        if (!thread.isAlive()) {
            mark.passed().complete(null);
        }
        return mark.passed();
    }

    /** They come out in the order in which they are looked for. */
    private synchronized void write(OutputStream out, Mark mark) throws IOException {
        marks.add(mark);
        out.write(mark.bytes()); // short enough for the kernel to write it in one piece
    }

    /** Waits for the end of the output; to be called once the child and what it started are gone. */
    public void awaitEnd() {
        try {
            closeWriteEnd();
            thread.join(END_LIMIT_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void copy() {
        byte[] block = new byte[BLOCK];
        int kept = 0;
        try (InputStream in = process.getInputStream()) {
            for (int n = in.read(block); n >= 0; n = in.read(block, kept, BLOCK - kept)) {
                kept = pass(block, kept + n);
            }
            running.write(logs, block, 0, kept);
        } catch (IOException e) {
            logs.line("kappa: the output of a process ends early: " + e.getMessage());
        } finally {
            closeWriteEnd();
            marks.forEach(mark -> mark.passed().complete(null));
        }
    }

    /** Writes the block without the marks and moves what may be the beginning of one to its front; answers its length. */
    private int pass(byte[] block, int length) {
        int from = 0;
        int held = 0;
        for (Mark mark = marks.peek(); mark != null; mark = marks.peek()) {
            int at = indexOf(block, from, length, mark.bytes());
            if (at + mark.bytes().length > length) {
                held = length - at;
                break;
            }
            running.write(logs, block, from, at - from);
            from = at + mark.bytes().length;
            marks.remove();
            mark.passed().complete(null);
        }
        int to = running.shared() ? endOfLines(block, from, length - held) : length - held;
        running.write(logs, block, from, to - from);
        System.arraycopy(block, to, block, 0, length - to);
        return length - to;
    }

    /** Where the bytes begin, perhaps with an end beyond {@code length}; {@code length} if they begin nowhere. */
    private static int indexOf(byte[] block, int from, int length, byte[] sought) {
        for (int at = from; at < length; at++) {
            int i = 0;
            while (i < sought.length && at + i < length && block[at + i] == sought[i]) {
                i++;
            }
            if (i == sought.length || at + i == length) {
                return at;
            }
        }
        return length;
    }

    /** The end of the last whole line, since its event is told by its beginning; of all if the rest is long. */
    private static int endOfLines(byte[] block, int from, int to) {
        int end = to;
        while (end > from && block[end - 1] != '\n') {
            end--;
        }
        return to - end > LONGEST_HELD_LINE ? to : end;
    }

    private void closeWriteEnd() {
        OutputStream out = pipe;
        if (out == null) {
            return;
        }
        try {
            out.close();
        } catch (IOException e) {
            logs.line("kappa: cannot close the output of a process: " + e.getMessage());
        }
    }

    private static @Nullable OutputStream writeEnd(Process process) {
        try {
            return new FileOutputStream("/proc/" + process.pid() + "/fd/1", true);
        } catch (IOException e) {
            return null;
        }
    }
}
