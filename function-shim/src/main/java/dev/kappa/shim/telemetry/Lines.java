package dev.kappa.shim.telemetry;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Makes lines of what arrives in pieces. */
public final class Lines {
    /** Longest line that is kept in one piece, bytes. */
    private static final int LONGEST = 256 << 10;

    private final Consumer<String> line;
    private final ByteArrayOutputStream begun = new ByteArrayOutputStream();

    /**
     * @param line hears of each, without its end
     */
    public Lines(Consumer<String> line) {
        this.line = line;
    }

    public synchronized void add(byte[] bytes, int offset, int length) {
        int from = offset;
        for (int at = offset; at < offset + length; at++) {
            if (bytes[at] == '\n') {
                begun.write(bytes, from, at - from);
                from = at + 1;
                end();
            }
        }
        begun.write(bytes, from, offset + length - from);
        if (begun.size() >= LONGEST) {
            end();
        }
    }

    /** What was begun is a line. */
    public synchronized void end() {
        if (begun.size() > 0) {
            line.accept(begun.toString(StandardCharsets.UTF_8));
            begun.reset();
        }
    }
}
