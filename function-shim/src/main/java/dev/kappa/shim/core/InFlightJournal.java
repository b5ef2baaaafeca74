package dev.kappa.shim.core;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Which events run, in a mapped file: the page cache keeps it when the process dies, so that the next process in the
 * container can say how its predecessor's events ended. Costs no system call an event.
 */
public final class InFlightJournal {
    private static final int SLOT = 64;
    private static final byte INITIALIZING = 1;
    private static final byte INITIALIZED = 2;
    private static final byte INITIALIZING_AGAIN = 3;

    /** Beside the length: the event's first log line is written. */
    private static final int SHOWN = SLOT;

    private final MappedByteBuffer page;
    private final Set<String> predecessors = new HashSet<>();
    private final byte predecessor;
    private final Set<String> unseen = new LinkedHashSet<>();
    private final boolean[] taken;

    /** Reads what the predecessor left and starts a new page. */
    public InFlightJournal(Path directory, int capacity) throws IOException {
        Files.createDirectories(directory);
        taken = new boolean[capacity];
        try (FileChannel file = FileChannel.open(
                directory.resolve("in-flight"),
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            page = file.map(FileChannel.MapMode.READ_WRITE, 0, (long) SLOT * (capacity + 1));
        }
        predecessor = page.get(0);
        page.put(0, (byte) 0);
        for (int slot = 1; slot <= capacity; slot++) {
            int length = page.get(slot * SLOT) & (SLOT - 1);
            if (length > 0) {
                byte[] id = new byte[length];
                page.get(slot * SLOT + 1, id);
                String requestId = new String(id, StandardCharsets.US_ASCII);
                predecessors.add(requestId);
                if ((page.get(slot * SLOT) & SHOWN) == 0) {
                    unseen.add(requestId);
                }
            }
            page.put(slot * SLOT, (byte) 0);
        }
    }

    /** Whether the predecessor was running this event when it died. */
    public boolean leftBehind(String requestId) {
        return predecessors.contains(requestId);
    }

    /** Events that the predecessor was running when it died, and of which the log says nothing yet. */
    public Set<String> unseen() {
        return unseen;
    }

    public boolean predecessorDiedInitializing() {
        return predecessor == INITIALIZING || predecessor == INITIALIZING_AGAIN;
    }

    /** Whether the predecessor died in the first attempt to initialise the handler. */
    public boolean predecessorDiedInFirstAttempt() {
        return predecessor == INITIALIZING;
    }

    public void initializing(boolean again) {
        page.put(0, again ? INITIALIZING_AGAIN : INITIALIZING);
    }

    public void initialized() {
        page.put(0, INITIALIZED);
    }

    /** Notes the event; the answer goes to {@link #leave}. */
    public synchronized int enter(String requestId) {
        byte[] id = requestId.getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < taken.length; i++) {
            if (!taken[i]) {
                taken[i] = true;
                int length = Math.min(id.length, SLOT - 1);
                page.put((i + 1) * SLOT + 1, id, 0, length);
                page.put((i + 1) * SLOT, (byte) length);
                return i;
            }
        }
        throw new IllegalStateException("more events than the capacity of " + taken.length);
    }

    /** The log has the event's first line. */
    public synchronized void shown(int slot) {
        int at = (slot + 1) * SLOT;
        page.put(at, (byte) (page.get(at) | SHOWN));
    }

    public synchronized void leave(int slot) {
        page.put((slot + 1) * SLOT, (byte) 0);
        taken[slot] = false;
    }
}
