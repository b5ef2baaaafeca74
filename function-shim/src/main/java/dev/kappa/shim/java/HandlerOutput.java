package dev.kappa.shim.java;

import dev.kappa.shim.core.StreamedAnswer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * What a stream handler writes to: kept until it returns, or sent on with each array and each flush if the caller takes the
 * answer as it comes. Single bytes are gathered, since a packet for each would be dear.
 */
final class HandlerOutput extends OutputStream {
    private static final int GATHERED = 8 << 10;
    private static final String TYPE = "application/octet-stream";

    private final @Nullable StreamedAnswer stream;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

    HandlerOutput(@Nullable StreamedAnswer stream) {
        this.stream = stream;
    }

    @Override
    public synchronized void write(int b) throws IOException {
        kept.write(b);
        if (kept.size() >= GATHERED) {
            flush();
        }
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        if (stream == null || kept.size() > 0) {
            kept.write(bytes, offset, length);
            flush();
        } else {
            stream.write(TYPE, bytes, offset, length);
        }
    }

    @Override
    public synchronized void flush() throws IOException {
        if (stream != null && kept.size() > 0) {
            byte[] bytes = kept.toByteArray();
            kept.reset();
            stream.write(TYPE, bytes, 0, bytes.length);
        }
    }

    @Override
    public void close() throws IOException {
        flush();
    }

    /** What was not sent on; to be asked for once the handler has returned. */
    synchronized byte[] rest() throws IOException {
        flush();
        return kept.toByteArray();
    }
}
