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
    private static final InheritableThreadLocal<@Nullable LogTail> OF_THREAD = new InheritableThreadLocal<>();

    private final OutputStream stdout = new FileOutputStream(FileDescriptor.out);
    private final List<LogTail> running = new CopyOnWriteArrayList<>();

    /** Takes over System.out and System.err, so that what a Java handler prints is attributed to its event. */
    public void capture() {
        PrintStream stream = new PrintStream(new Captured(), true, StandardCharsets.UTF_8);
        System.setOut(stream);
        System.setErr(stream);
    }

    /** From now on this thread, and threads that it starts, log for the event. */
    public void enter(LogTail tail) {
        OF_THREAD.set(tail);
        running.add(tail);
    }

    public void leave(LogTail tail) {
        OF_THREAD.remove();
        running.remove(tail);
    }

    public void line(String text) {
        byte[] bytes = (text + "\n").getBytes(StandardCharsets.UTF_8);
        write(null, bytes, 0, bytes.length);
    }

    public void line(LogTail tail, String text) {
        byte[] bytes = (text + "\n").getBytes(StandardCharsets.UTF_8);
        write(tail, bytes, 0, bytes.length);
    }

    public void write(@Nullable LogTail tail, byte[] bytes, int offset, int length) {
        try {
            synchronized (stdout) {
                stdout.write(bytes, offset, length);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write to stdout", e);
        }
        if (tail != null) {
            tail.write(bytes, offset, length);
        }
    }

    private @Nullable LogTail tailOfThisThread() {
        // a pool of the handler's own inherited nothing: with one event running it can only be that one's
        List<LogTail> now = running;
        return now.size() == 1 ? now.get(0) : OF_THREAD.get();
    }

    /** What System.out writes to. */
    private final class Captured extends OutputStream {
        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            Logs.this.write(tailOfThisThread(), bytes, offset, length);
        }
    }
}
