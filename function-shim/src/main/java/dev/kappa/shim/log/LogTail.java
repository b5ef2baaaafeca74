package dev.kappa.shim.log;

import java.util.Base64;

/** The last 4 KiB that one event logged. */
public final class LogTail {
    public static final int SIZE = 4096;

    private byte[] ring = new byte[256];
    private long written;

    public synchronized void write(byte[] bytes, int offset, int length) {
        if (ring.length < SIZE && written + length > ring.length) {
            byte[] wider = new byte[SIZE];
            System.arraycopy(ring, 0, wider, 0, (int) written);
            ring = wider;
        }
        for (int i = Math.max(0, length - ring.length); i < length; i++) {
            ring[(int) ((written + i) % ring.length)] = bytes[offset + i];
        }
        written += length;
    }

    /** Base64 of the tail, as Lambda's log result has it. */
    public synchronized String base64() {
        int length = (int) Math.min(written, ring.length);
        byte[] tail = new byte[length];
        for (int i = 0; i < length; i++) {
            tail[i] = ring[(int) ((written - length + i) % ring.length)];
        }
        return Base64.getEncoder().encodeToString(tail);
    }
}
