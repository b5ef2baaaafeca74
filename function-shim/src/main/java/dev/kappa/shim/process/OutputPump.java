package dev.kappa.shim.process;

import dev.kappa.shim.log.EventLog;
import dev.kappa.shim.log.Logs;
import dev.kappa.shim.log.RunningLogs;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Copies what a child prints to the pod's log and to the events that it runs. When all is copied that the child printed before it
 * answered, the kernel tells mostly; else this writes a mark into the child's own pipe, reads until it comes out, and drops it.
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
    private final @Nullable FileInputStream observed;
    private volatile @Nullable PipeReader reader;

    /** Whether this reads, with nothing left to pass on. */
    private volatile boolean waits;

    /** Bytes in the pipe, and what to do once they came out. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Mark(byte[] bytes, Runnable passed) {}

    OutputPump(Process process, Logs logs) {
        this.process = process;
        this.logs = logs;
        Path path = Path.of("/proc", Long.toString(process.pid()), "fd", "1");
        this.pipe = writeEnd(path);
        this.observed = pipe == null ? null : readEnd(path);
        this.thread = Thread.ofPlatform().daemon().name("output").start(this::copy);
    }

    /** What comes from now on may be of this event. */
    public void enter(String requestId, EventLog log) {
        running.enter(requestId, log);
    }

    public void leave(String requestId) {
        running.leave(requestId);
    }

    /** Runs the action, here or on the thread that copies, once all is copied that the child has printed by now. */
    public void whenCopied(Runnable action) {
        PipeReader known = reader;
        OutputStream out = pipe;
        if (out == null || !thread.isAlive() || (waits && known != null && known.hasReadAll())) {
            action.run();
        } else {
            mark(out, action);
        }
    }

    /** The action runs again if the child ends meanwhile. */
    private void mark(OutputStream out, Runnable action) {
        Mark mark = new Mark(
                (markPrefix + marksWritten.incrementAndGet() + "\0").getBytes(StandardCharsets.US_ASCII), action);
        try {
            write(out, mark);
        } catch (IOException e) {
            action.run(); // the child is gone; awaitEnd waits for the rest
            return;
        }
        if (!thread.isAlive()) {
            action.run();
        }
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
        reader = observed == null ? null : PipeReader.ofThisThread(observed);
        try (InputStream in = process.getInputStream()) {
            for (int n = read(in, block, 0); n >= 0; n = read(in, block, kept)) {
                kept = pass(block, kept + n);
            }
            running.write(logs, block, 0, kept);
        } catch (IOException e) {
            logs.line("kappa: the output of a process ends early: " + e.getMessage());
        } finally {
            closeWriteEnd();
            marks.forEach(mark -> mark.passed().run());
        }
    }

    private int read(InputStream in, byte[] block, int kept) throws IOException {
        waits = kept == 0;
        int n = in.read(block, kept, BLOCK - kept);
        waits = false;
        return n;
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
            mark.passed().run();
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
            PipeReader known = reader;
            if (known != null) {
                known.close();
            }
        } catch (IOException e) {
            logs.line("kappa: cannot close the output of a process: " + e.getMessage());
        }
    }

    private static @Nullable OutputStream writeEnd(Path path) {
        try {
            return new FileOutputStream(path.toFile(), true);
        } catch (IOException e) {
            return null;
        }
    }

    private static @Nullable FileInputStream readEnd(Path path) {
        try {
            return new FileInputStream(path.toFile());
        } catch (IOException e) {
            return null;
        }
    }
}
