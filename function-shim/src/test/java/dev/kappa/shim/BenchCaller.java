package dev.kappa.shim;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.LongStream;

/** One kept connection that sends a request as soon as the last one is answered, with little work of its own. */
final class BenchCaller extends Thread {
    private final InetSocketAddress address;
    private final byte[] request;
    private final String answer;
    private final long endNs;
    private long[] tookNs = new long[1 << 12];
    private int count;

    BenchCaller(InetSocketAddress address, byte[] request, String answer, long endNs) {
        this.address = address;
        this.request = request.clone();
        this.answer = answer;
        this.endNs = endNs;
    }

    LongStream tookNs() {
        return Arrays.stream(tookNs, 0, count);
    }

    @Override
    public void run() {
        try (Socket socket = new Socket()) {
            socket.connect(address);
            socket.setTcpNoDelay(true);
            InputStream in = socket.getInputStream();
            byte[] buffer = new byte[1 << 14];
            for (long now = System.nanoTime(); now < endNs; ) {
                socket.getOutputStream().write(request);
                receive(in, buffer);
                long then = System.nanoTime();
                note(then - now);
                now = then;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void receive(InputStream in, byte[] buffer) throws IOException {
        int length = 0;
        int end = -1;
        while (end < 0 || length < end) {
            int n = in.read(buffer, length, buffer.length - length);
            if (n < 0) {
                throw new IOException("closed after " + new String(buffer, 0, length, StandardCharsets.ISO_8859_1));
            }
            length += n;
            end = end < 0 ? end(buffer, length) : end;
        }
    }

    private int end(byte[] buffer, int length) throws IOException {
        String text = new String(buffer, 0, length, StandardCharsets.ISO_8859_1);
        int headEnd = text.indexOf("\r\n\r\n");
        if (headEnd < 0) {
            return -1;
        }
        int at = text.toLowerCase(Locale.ROOT).indexOf("\r\ncontent-length: ") + 18;
        int bodyLength = Integer.parseInt(text.substring(at, text.indexOf('\r', at)));
        if (!text.startsWith("HTTP/1.1 200") || bodyLength < answer.length()) {
            throw new IOException("unexpected answer " + text);
        }
        return headEnd + 4 + bodyLength;
    }

    private void note(long ns) {
        if (count == tookNs.length) {
            tookNs = Arrays.copyOf(tookNs, count * 2);
        }
        tookNs[count++] = ns;
    }
}
