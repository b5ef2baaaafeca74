package dev.kappa.lambda;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Takes messages of AWS' event stream encoding apart, as they come. */
public final class EventStreamReader {
    private static final int PRELUDE = 12;
    private static final int CHECKSUM = 4;
    /** More than an answer that comes in one message. */
    private static final int LONGEST = 16 << 20;

    private static final byte[] EVENT_TYPE = ":event-type".getBytes(StandardCharsets.US_ASCII);

    private byte[] begun = {};

    /** Nothing was read yet. */
    public EventStreamReader() {}

    /** Gets the messages. */
    public interface Messages {
        /**
         * One of them is complete.
         *
         * @param eventType such as {@code PayloadChunk}
         * @param payload of it
         */
        void message(String eventType, byte[] payload);
    }

    /**
     * Reads on.
     *
     * @param bytes the next ones
     * @param messages gets those that are complete now
     * @throws IllegalArgumentException if that is no event stream
     */
    public void take(byte[] bytes, Messages messages) {
        byte[] all = begun.length == 0 ? bytes : joined(begun, bytes);
        int at = 0;
        while (all.length - at >= PRELUDE) {
            ByteBuffer message = ByteBuffer.wrap(all, at, all.length - at);
            int length = message.getInt();
            int headers = message.getInt();
            if (length < PRELUDE + CHECKSUM
                    || length > LONGEST
                    || headers < 0
                    || headers > length - PRELUDE - CHECKSUM) {
                throw new IllegalArgumentException(
                        "a message of " + length + " bytes, " + headers + " of them headers");
            }
            if (all.length - at < length) {
                break;
            }
            int payload = at + PRELUDE + headers;
            messages.message(
                    eventType(all, at + PRELUDE, payload), Arrays.copyOfRange(all, payload, at + length - CHECKSUM));
            at += length;
        }
        begun = at == 0 ? all : Arrays.copyOfRange(all, at, all.length);
    }

    /** All headers are strings: a name with its length, the type, a value with its length. */
    private static String eventType(byte[] all, int from, int until) {
        ByteBuffer headers = ByteBuffer.wrap(all, from, until - from);
        while (headers.hasRemaining()) {
            byte[] name = new byte[headers.get()];
            headers.get(name).get();
            byte[] value = new byte[headers.getShort()];
            headers.get(value);
            if (Arrays.equals(name, EVENT_TYPE)) {
                return new String(value, StandardCharsets.US_ASCII);
            }
        }
        return "";
    }

    private static byte[] joined(byte[] one, byte[] two) {
        byte[] all = Arrays.copyOf(one, one.length + two.length);
        System.arraycopy(two, 0, all, one.length, two.length);
        return all;
    }
}
