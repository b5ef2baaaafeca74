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
        int n = Math.min(bytes.length, SIZE - length);
        System.arraycopy(bytes, 0, buffer, length, n);
        length += n;
        if (n < bytes.length) {
            flush();
            out.write(bytes, n, bytes.length - n);
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
