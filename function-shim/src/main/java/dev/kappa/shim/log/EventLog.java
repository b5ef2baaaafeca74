package dev.kappa.shim.log;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The lines of one event. Its first line is held back until there is another or the event has run for a while, since each
 * write to the container's log wakes who collects it.
 */
public final class EventLog {
    private final @Nullable LogTail tail;
    private byte @Nullable [] held; // guarded by the log
    private volatile @Nullable Runnable shown;

    private EventLog(@Nullable LogTail tail, byte @Nullable [] held) {
        this.tail = tail;
        this.held = held;
    }

    /**
     * The log of an event that begins.
     *
     * @param first its first line
     * @param keepsTail whether its end is asked for
     */
    public static EventLog of(String first, boolean keepsTail) {
        return new EventLog(keepsTail ? new LogTail() : null, bytes(first));
    }

    /** What to do once the first line is written; called with the log locked. */
    public void whenShown(Runnable action) {
        shown = action;
    }

    /** Base64 of the last 4 KiB, empty unless they are kept. */
    public String tailBase64() {
        return tail == null ? "" : tail.base64();
    }

    static byte[] bytes(String line) {
        return (line + "\n").getBytes(StandardCharsets.UTF_8);
    }

    byte @Nullable [] takeHeld() {
        byte[] first = held;
        held = null;
        Runnable action = shown;
        if (first != null && action != null) {
            shown = null; // it may hold on to the whole event, and whoever prints last to this log
            action.run();
        }
        return first;
    }

    boolean holds() {
        return held != null;
    }

    void keep(byte[] bytes, int offset, int length) {
        if (tail != null) {
            tail.write(bytes, offset, length);
        }
    }
}
