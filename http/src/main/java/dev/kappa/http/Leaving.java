package dev.kappa.http;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a process leaves on SIGTERM: it is not Ready at once, gives others the time to see that, and ends what it has in hand. */
public final class Leaving {
    private static final Logger LOG = LoggerFactory.getLogger(Leaving.class);
    private static final Duration PAUSE = Duration.ofSeconds(3);
    private static final long LOOK_MS = 50;

    private final AtomicBoolean begun = new AtomicBoolean();
    private final String process;
    private final Duration pause;
    private final Duration limit;

    /**
     * A process that stays until it is told to leave.
     *
     * @param process its name in a sentence, such as {@code the gateway}
     * @param limit how long what is in hand may take
     */
    public Leaving(String process, Duration limit) {
        this(process, PAUSE, limit);
    }

    Leaving(String process, Duration pause, Duration limit) {
        this.process = process;
        this.pause = pause;
        this.limit = limit;
    }

    /**
     * Whether the process is going away.
     *
     * @return from SIGTERM on
     */
    public boolean begun() {
        return begun.get();
    }

    /**
     * What {@code /readyz} says of it.
     *
     * @return a sentence without its dot, or nothing
     */
    public List<String> missing() {
        return begun() ? List.of(process + " is going away") : List.of();
    }

    /**
     * Leaves in good order once the process is told to end.
     *
     * @param first what is given away at once
     * @param inHand how many calls are not answered yet
     */
    public void onShutdown(Runnable first, IntSupplier inHand) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> leave(first, inHand), "leave"));
    }

    void leave(Runnable first, IntSupplier inHand) {
        begun.set(true);
        try {
            first.run();
        } catch (RuntimeException e) {
            LOG.error("What {} had to give away at once was not", process, e);
        }
        long until = System.nanoTime() + limit.toNanos();
        try {
            Thread.sleep(pause);
            while (inHand.getAsInt() > 0 && System.nanoTime() - until < 0) {
                Thread.sleep(LOOK_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
