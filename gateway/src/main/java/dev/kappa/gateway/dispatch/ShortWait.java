package dev.kappa.gateway.dispatch;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Waits up to a second for what a caller can know before the informers tell it: a version that it has just published. Only so
 * many wait at once; a flood of unknown names gets its answers without a wait, and never reaches the API server.
 */
public final class ShortWait {
    private static final int MAX_WAITING = 200;
    private static final long MAX_BYTES = 32L << 20;
    private static final long PATIENCE_MS = 1_000;
    private static final long PAUSE_MS = 25;

    /** A timer that does not block. */
    public interface Timer {
        /**
         * Runs something later.
         *
         * @param delayMs milliseconds
         * @param action what to run
         */
        void after(long delayMs, Runnable action);
    }

    private final Timer timer;
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    /**
     * Nobody waits yet.
     *
     * @param timer on whose threads is looked again
     */
    public ShortWait(Timer timer) {
        this.timer = timer;
    }

    /**
     * Looks something up, again and again if it is not there.
     *
     * @param heldBytes what is kept in memory meanwhile, and nobody else counts
     * @param look looks once, does not block
     * @param <T> what is looked up
     * @return empty if it is not there after a second; fails with what {@code look} throws
     */
    public <T> Future<Optional<T>> find(int heldBytes, Supplier<Optional<T>> look) {
        Optional<T> known = look.get();
        if (known.isPresent()) {
            return Future.succeededFuture(known);
        }
        boolean many = waiting.incrementAndGet() > MAX_WAITING;
        if (bytes.addAndGet(heldBytes) > MAX_BYTES || many) {
            left(heldBytes);
            return Future.succeededFuture(known);
        }
        Promise<Optional<T>> found = Promise.promise();
        lookAgain(look, System.nanoTime() + PATIENCE_MS * 1_000_000, found);
        return found.future().onComplete(ended -> left(heldBytes));
    }

    private void left(int heldBytes) {
        waiting.decrementAndGet();
        bytes.addAndGet(-heldBytes);
    }

    private <T> void lookAgain(Supplier<Optional<T>> look, long untilNanos, Promise<Optional<T>> found) {
        timer.after(PAUSE_MS, () -> {
            try {
                Optional<T> known = look.get();
                if (known.isPresent() || System.nanoTime() > untilNanos) {
                    found.complete(known);
                } else {
                    lookAgain(look, untilNanos, found);
                }
            } catch (RuntimeException e) {
                found.tryFail(e);
            }
        });
    }
}
