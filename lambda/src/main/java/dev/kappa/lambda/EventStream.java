package dev.kappa.lambda;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * Messages of AWS' event stream encoding ({@code application/vnd.amazon.eventstream}): lengths, their checksum, headers, payload,
 * and the checksum of all.
 */
public final class EventStream {
    /** Content type of a response of such messages. */
    public static final String CONTENT_TYPE = "application/vnd.amazon.eventstream";

    private static final int PRELUDE = 12;
    private static final int CHECKSUM = 4;
    private static final byte STRING = 7;
    private static final byte[] CHUNK = headers("PayloadChunk", "application/octet-stream");
    private static final byte[] COMPLETE = headers("InvokeComplete", "application/json");

    private EventStream() {}

    /** Copies a payload into a message. */
    public interface Source {
        /**
         * Copies all of it.
         *
         * @param message where to
         * @param offset of the first byte
         */
        void copyTo(byte[] message, int offset);
    }

    /**
     * A part of a function's answer.
     *
     * @param length of the payload, bytes
     * @param payload gives it
     * @return the message
     */
    public static byte[] payloadChunk(int length, Source payload) {
        return message(CHUNK, length, payload);
    }

    /**
     * The end of a function's answer.
     *
     * @param json {@code ErrorCode}, {@code ErrorDetails} and {@code LogResult} as far as there are such
     * @return the message
     */
    public static byte[] invokeComplete(byte[] json) {
        return message(
                COMPLETE, json.length, (message, offset) -> System.arraycopy(json, 0, message, offset, json.length));
    }

    private static byte[] message(byte[] headers, int length, Source payload) {
        byte[] message = new byte[PRELUDE + headers.length + length + CHECKSUM];
        ByteBuffer buffer = ByteBuffer.wrap(message);
        buffer.putInt(message.length).putInt(headers.length);
        buffer.putInt(checksum(message, PRELUDE - CHECKSUM)).put(headers);
        payload.copyTo(message, buffer.position());
        buffer.putInt(message.length - CHECKSUM, checksum(message, message.length - CHECKSUM));
        return message;
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32 crc = new CRC32();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    private static byte[] headers(String event, String contentType) {
        ByteBuffer buffer = ByteBuffer.allocate(256);
        header(buffer, ":event-type", event);
        header(buffer, ":content-type", contentType);
        header(buffer, ":message-type", "event");
        byte[] bytes = new byte[buffer.position()];
        buffer.flip().get(bytes);
        return bytes;
    }

    private static void header(ByteBuffer into, String name, String value) {
        byte[] nameBytes = name.getBytes(StandardCharsets.US_ASCII);
        byte[] valueBytes = value.getBytes(StandardCharsets.US_ASCII);
        into.put((byte) nameBytes.length).put(nameBytes).put(STRING);
        into.putShort((short) valueBytes.length).put(valueBytes);
    }
}
