package dev.kappa.shim.core;

/** An event's input, which is let go of once it has reached another process: it may be 6 MiB, and the heap is small. */
public final class Payload {
    private static final byte[] NOTHING = {};

    private volatile byte[] bytes;

    public Payload(byte[] bytes) {
        this.bytes = bytes;
    }

    byte[] bytes() {
        return bytes;
    }

    /** The other process has it. */
    public void letGo() {
        bytes = NOTHING;
    }
}
