package dev.kappa.shim.http;

import java.io.IOException;
import java.io.OutputStream;

/** What leaves a connection: gathered until it is flushed, so that small answers leave in one packet. */
final class Output {
    private static final int SIZE = 8_192;

    private final OutputStream out;
    private final byte[] buffer = new byte[SIZE];
    private int length;

    Output(OutputStream out) {
        this.out = out;
    }

    void write(byte[] bytes) throws IOException {
        write(bytes, 0, bytes.length);
    }

    void write(byte[] bytes, int offset, int count) throws IOException {
        int n = Math.min(count, SIZE - length);
        System.arraycopy(bytes, offset, buffer, length, n);
        length += n;
        if (n < count) {
            flush();
            out.write(bytes, offset + n, count - n);
        }
    }

    void flush() throws IOException {
        int n = length;
        length = 0;
        if (n > 0) {
            out.write(buffer, 0, n);
        }
    }
}
