package dev.kappa.shim.log;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The pod's log: everything goes to the container's stdout, and a copy to the event it belongs to. */
public final class Logs {
    private static final InheritableThreadLocal<@Nullable EventLog> OF_THREAD = new InheritableThreadLocal<>();

    private final OutputStream stdout;
    private final List<EventLog> running = new CopyOnWriteArrayList<>();

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

    /** From now on this thread, and threads that it starts, log for the event. */
    public void enter(EventLog log) {
        OF_THREAD.set(log);
        running.add(log);
    }

    public void leave(EventLog log) {
        OF_THREAD.remove();
        running.remove(log);
    }

    public void line(String text) {
        line(null, text);
    }

    public void line(@Nullable EventLog log, String text) {
        byte[] bytes = EventLog.bytes(text);
        write(log, bytes, 0, bytes.length);
    }

    /** Writes the bytes, behind what the event holds back, in one piece. */
    public void write(@Nullable EventLog log, byte[] bytes, int offset, int length) {
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
                write(log, new byte[0], 0, 0);
            }
        }
    }

    private void put(@Nullable EventLog log, byte[] bytes, int offset, int length) {
        try {
            stdout.write(bytes, offset, length);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write to stdout", e);
        }
        if (log != null) {
            log.keep(bytes, offset, length);
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
