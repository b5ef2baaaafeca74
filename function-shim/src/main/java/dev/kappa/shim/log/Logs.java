package dev.kappa.shim.log;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The pod's log: everything goes to the container's stdout, and a copy to the event it belongs to. Each write wakes who collects
 * the log, so that what is logged in quick succession is gathered for some milliseconds.
 */
public final class Logs {
    private static final long WINDOW_NS = 10_000_000;

    /** Writes in a window that go out at once: an event that prints something makes two. */
    private static final int AT_ONCE = 2;

    private static final InheritableThreadLocal<@Nullable EventLog> OF_THREAD = new InheritableThreadLocal<>();

    private final OutputStream stdout;
    private final List<EventLog> running = new CopyOnWriteArrayList<>();
    private @Nullable LogBatch batch; // guarded by stdout, as what follows
    private long windowAt = System.nanoTime() - WINDOW_NS;
    private int writes;
    private volatile @Nullable Output output;

    /** Hears of what handlers print. */
    public interface Output {
        /** Must not wait, nor keep the array. */
        void printed(byte[] bytes, int offset, int length);
    }

    public Logs() {
        this(new FileOutputStream(FileDescriptor.out));
    }

    Logs(OutputStream stdout) {
        this.stdout = stdout;
    }

    /** Takes over System.out and System.err, so that what a Java handler prints is attributed to its event. */
    public void capture() {
        PrintStream stream = new PrintStream(new Captured(), true, StandardCharsets.UTF_8);
        System.setOut(stream);
        System.setErr(stream);
    }

    /**
     * From now on gathers what is logged in quick succession; first writes what a predecessor had gathered when it was killed.
     *
     * @param directory outlives this process
     */
    public void gather(Path directory) throws IOException {
        synchronized (stdout) {
            LogBatch made = new LogBatch(directory);
            batch = made;
            flush(made);
        }
        Thread.ofPlatform().daemon().name("log").start(this::flushWhenDue);
    }

    /** Writes all at once from now on, since the process is about to end. */
    public void stopGathering() {
        synchronized (stdout) {
            LogBatch last = batch;
            if (last != null) {
                flush(last);
                batch = null;
                stdout.notifyAll();
            }
        }
    }

    /** From now on this thread, and threads that it starts, log for the event. */
    public void enter(EventLog log) {
        OF_THREAD.set(log);
        running.add(log);
    }

    public void leave(EventLog log) {
        OF_THREAD.remove();
        running.remove(log);
    }

    /** Tells from now on what handlers print; null for nobody. */
    public void copyOutput(@Nullable Output to) {
        output = to;
    }

    public void line(String text) {
        line(null, text);
    }

    public void line(@Nullable EventLog log, String text) {
        byte[] bytes = EventLog.bytes(text);
        append(log, bytes, 0, bytes.length);
    }

    /** Writes what a handler printed. */
    public void write(@Nullable EventLog log, byte[] bytes, int offset, int length) {
        append(log, bytes, offset, length);
        Output copy = output;
        if (copy != null) {
            copy.printed(bytes, offset, length);
        }
    }

    /** Writes the bytes, behind what the event holds back, in one piece. */
    public void append(@Nullable EventLog log, byte[] bytes, int offset, int length) {
        synchronized (stdout) {
            byte[] first = log == null ? null : log.takeHeld();
            if (first == null) {
                put(log, bytes, offset, length);
                return;
            }
            byte[] all = new byte[first.length + length];
            System.arraycopy(first, 0, all, 0, first.length);
            System.arraycopy(bytes, offset, all, first.length, length);
            put(log, all, 0, all.length);
        }
    }

    /** Writes what the event still holds back. */
    public void show(EventLog log) {
        synchronized (stdout) {
            if (log.holds()) {
                append(log, new byte[0], 0, 0);
            }
        }
    }

    private void put(@Nullable EventLog log, byte[] bytes, int offset, int length) {
        LogBatch gathered = batch;
        if (gathered == null) {
            writeOut(bytes, offset, length);
        } else {
            put(gathered, bytes, offset, length);
        }
        if (log != null) {
            log.keep(bytes, offset, length);
        }
    }

    private void put(LogBatch gathered, byte[] bytes, int offset, int length) {
        long now = System.nanoTime();
        if (now - windowAt >= WINDOW_NS) {
            windowAt = now;
            writes = gathered.isEmpty() ? 0 : AT_ONCE - 1;
        }
        boolean first = gathered.isEmpty();
        if (writes >= AT_ONCE && gathered.add(bytes, offset, length)) {
            if (first) {
                stdout.notifyAll();
            }
            return;
        }
        writes++;
        if (first) {
            writeOut(bytes, offset, length);
        } else {
            byte[] all = gathered.with(bytes, offset, length);
            writeOut(all, 0, all.length);
            gathered.clear();
        }
    }

    /** Only then is it taken out: what is killed in between is seen twice rather than never. */
    private void flush(LogBatch gathered) {
        if (!gathered.isEmpty()) {
            byte[] all = gathered.with(new byte[0], 0, 0);
            writeOut(all, 0, all.length);
            gathered.clear();
        }
    }

    private void writeOut(byte[] bytes, int offset, int length) {
        try {
            stdout.write(bytes, offset, length);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write to stdout", e);
        }
    }

    private void flushWhenDue() {
        synchronized (stdout) {
            try {
                for (LogBatch now = batch; now != null; now = batch) {
                    long left = windowAt + WINDOW_NS - System.nanoTime();
                    if (now.isEmpty()) {
                        stdout.wait();
                    } else if (left > 0) {
                        stdout.wait(left / 1_000_000 + 1);
                    } else {
                        windowAt = System.nanoTime();
                        writes = AT_ONCE; // the next window is as busy
                        flush(now);
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private @Nullable EventLog ofThisThread() {
        // a pool of the handler's own inherited nothing: with one event running it can only be that one's
        EventLog[] now = running.toArray(new EventLog[0]);
        return now.length == 1 ? now[0] : OF_THREAD.get();
    }

    /** What System.out writes to. */
    private final class Captured extends OutputStream {
        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            Logs.this.write(ofThisThread(), bytes, offset, length);
        }
    }
}
