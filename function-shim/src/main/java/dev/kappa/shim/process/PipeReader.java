package dev.kappa.shim.process;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Tells, without waking it, whether a thread has read all that is in a pipe and is about to wait for more: the pipe is empty, and
 * after that the kernel shows the thread asleep in read(2), so that it has come back for more (proc_pid_syscall(5)).
 */
final class PipeReader implements AutoCloseable {
    private static final Path THIS_THREAD = Path.of("/proc/thread-self");

    private final FileInputStream pipe;
    private final FileChannel state;
    private final ByteBuffer text = ByteBuffer.allocateDirect(8);
    private final byte[] asleep;

    private PipeReader(FileInputStream pipe, FileChannel state, byte[] asleep) {
        this.pipe = pipe;
        this.state = state;
        this.asleep = asleep;
    }

    /**
     * To be called by the thread that reads.
     *
     * @param pipe another descriptor of the pipe
     * @return null where the kernel does not tell
     */
    static @Nullable PipeReader ofThisThread(FileInputStream pipe) {
        byte[] number = numberOfRead();
        if (number.length == 0) {
            return null;
        }
        try {
            Path thread = Path.of("/proc").resolve(Files.readSymbolicLink(THIS_THREAD));
            return new PipeReader(pipe, FileChannel.open(thread.resolve("syscall")), number);
        } catch (IOException | RuntimeException e) {
            return null;
        }
    }

    private static byte[] numberOfRead() {
        return switch (System.getProperty("os.arch")) {
            case "amd64" -> new byte[] {'0', ' '};
            case "aarch64" -> new byte[] {'6', '3', ' '};
            default -> new byte[0];
        };
    }

    /** False also if that cannot be told. */
    synchronized boolean hasReadAll() {
        try {
            if (pipe.available()
                    > 0) { // first: what came before was read, and has been passed on if the thread sleeps now
                return false;
            }
            text.clear();
            if (state.read(text, 0) < asleep.length) {
                return false;
            }
            for (int i = 0; i < asleep.length; i++) {
                if (text.get(i) != asleep[i]) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public synchronized void close() throws IOException {
        pipe.close();
        state.close();
    }
}
