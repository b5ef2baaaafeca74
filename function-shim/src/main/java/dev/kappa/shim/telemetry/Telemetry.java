package dev.kappa.shim.telemetry;

import dev.kappa.shim.core.Json;
import dev.kappa.shim.log.Logs;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Passes on what happens to the extensions that subscribed. It keeps what happened before they did, and does nothing where
 * there is no extension.
 */
public final class Telemetry {
    static final String PLATFORM = "platform";
    static final String FUNCTION = "function";
    static final String EXTENSION = "extension";
    static final List<String> TYPES = List.of(PLATFORM, FUNCTION, EXTENSION);

    private static final long MOST_KEPT = 256 << 10;

    private final Logs logs;
    private final List<Subscriber> subscribers = new CopyOnWriteArrayList<>();
    private final List<Event> kept = new ArrayList<>();
    private long keptBytes;
    private boolean closed;
    private volatile boolean active;

    /**
     * Something that happened.
     *
     * @param category one of the types that one subscribes to
     * @param type of the record
     * @param bytes the record, as the Telemetry API has it
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Event(String category, String type, byte[] bytes) {
        /** The record as that one wants to see it, null if it does not. */
        byte @Nullable [] shownTo(Subscription wanted) {
            if (!wanted.types().contains(category) || !(wanted.logsApi() ? inLogsApi(wanted) : inTelemetryApi())) {
                return null;
            }
            return bytes;
        }

        private boolean inTelemetryApi() {
            return !type.equals("platform.end") && !type.equals("platform.logsSubscription");
        }

        private boolean inLogsApi(Subscription wanted) {
            return switch (type) {
                case FUNCTION,
                        EXTENSION,
                        "platform.start",
                        "platform.end",
                        "platform.report",
                        "platform.extension",
                        "platform.logsSubscription" -> true;
                case "platform.runtimeDone" -> wanted.schema().equals("2021-03-18");
                default -> false;
            };
        }
    }

    public Telemetry(Logs logs) {
        this.logs = logs;
    }

    /** There are extensions, which may subscribe: what happens is kept for them from now on. */
    public synchronized void begin() {
        if (!active && !closed) {
            active = true;
            Lines lines = new Lines(line -> tell(FUNCTION, FUNCTION, Json.quoted(line)));
            logs.copyOutput(lines::add);
        }
    }

    /** Whether anybody may want to know. */
    public boolean isActive() {
        return active;
    }

    /**
     * An extension subscribes, in the place of what it subscribed to before.
     *
     * @throws IllegalArgumentException with all that is wrong with its request
     * @throws IllegalStateException if the initialisation is over
     */
    public void subscribe(String name, boolean logsApi, byte[] body) {
        Subscription wanted = Subscription.of(logsApi, body);
        Subscriber subscriber = new Subscriber(name, wanted);
        synchronized (this) {
            if (closed) {
                throw new IllegalStateException("the initialisation is over");
            }
            for (Subscriber other : List.copyOf(subscribers)) {
                if (other.name().equals(name)) {
                    subscribers.remove(other);
                    other.end();
                }
            }
            kept.forEach(subscriber::offer);
            subscribers.add(subscriber);
        }
        subscriber.start();
        platform(
                logsApi ? "platform.logsSubscription" : "platform.telemetrySubscription",
                new Json().put("name", name).put("state", "Subscribed").put("types", wanted.types()));
    }

    /** The initialisation is over: nobody subscribes any more. */
    public synchronized void close() {
        closed = true;
        kept.clear();
        keptBytes = 0;
        if (subscribers.isEmpty()) {
            active = false;
            logs.copyOutput(null);
        }
    }

    /** Something of the platform happened. */
    public void platform(String type, Json record) {
        tell(PLATFORM, type, record.toString());
    }

    /** An extension printed a line. */
    public void extension(String line) {
        tell(EXTENSION, EXTENSION, Json.quoted(line));
    }

    private void tell(String category, String type, String record) {
        if (!active) {
            return;
        }
        Event event = new Event(category, type, event(type, record));
        synchronized (this) { // in one order for all
            if (!closed && keptBytes + event.bytes().length <= MOST_KEPT) {
                kept.add(event);
                keptBytes += event.bytes().length;
            }
            subscribers.forEach(subscriber -> subscriber.offer(event));
        }
    }

    static byte[] event(String type, String record) {
        String text = "{\"time\":\"" + time(System.currentTimeMillis()) + "\",\"type\":\"" + type + "\",\"record\":"
                + record + "}";
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** With milliseconds, also if there are none. */
    public static String time(long epochMs) {
        String text = Instant.ofEpochMilli(epochMs).toString();
        return epochMs % 1_000 == 0 ? text.replace("Z", ".000Z") : text;
    }

    /** Sends all that is left, and waits for that, for so long at most. */
    public void flush(long limitMs) throws InterruptedException {
        subscribers.forEach(Subscriber::flush);
        long end = System.nanoTime() + limitMs * 1_000_000;
        for (Subscriber subscriber : subscribers) {
            subscriber.awaitSent(Math.max(0, (end - System.nanoTime()) / 1_000_000));
        }
    }
}
