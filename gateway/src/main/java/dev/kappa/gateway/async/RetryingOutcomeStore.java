package dev.kappa.gateway.async;

import dev.kappa.lambda.FunctionKey;
import dev.kappa.stores.events.Attempts;
import dev.kappa.stores.events.Outcome;
import dev.kappa.stores.events.OutcomeStore;
import dev.kappa.stores.events.QueueException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What came of a run is known to one gateway only until it is written: it is tried for as long as a store may be away, since
 * the event would have to run again otherwise.
 */
final class RetryingOutcomeStore implements OutcomeStore {
    private static final Logger LOG = LoggerFactory.getLogger(RetryingOutcomeStore.class);
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final OutcomeStore outcomes;
    private final LongSupplier clock;
    private final Pause pause;

    /** Sleeps. */
    interface Pause {
        void of(Duration duration) throws InterruptedException;
    }

    RetryingOutcomeStore(OutcomeStore outcomes, LongSupplier clock, Pause pause) {
        this.outcomes = outcomes;
        this.clock = clock;
        this.pause = pause;
    }

    @Override
    public Optional<Outcome> find(FunctionKey function, String requestId) throws QueueException {
        return outcomes.find(function, requestId);
    }

    @Override
    public Outcome create(Outcome outcome) throws QueueException {
        return patiently(outcome.requestId(), () -> outcomes.create(outcome));
    }

    @Override
    public void progress(Outcome outcome) throws QueueException {
        outcomes.progress(outcome);
    }

    @Override
    public Attempts attempts(FunctionKey function, String requestId) throws QueueException {
        return outcomes.attempts(function, requestId);
    }

    @Override
    public void failed(FunctionKey function, String requestId, Attempts attempts) throws QueueException {
        patiently(requestId, () -> {
            outcomes.failed(function, requestId, attempts);
            return attempts;
        });
    }

    private interface Write<T> {
        T run() throws QueueException;
    }

    private <T> T patiently(String requestId, Write<T> write) throws QueueException {
        long until = clock.getAsLong() + PATIENCE.toMillis();
        while (true) {
            try {
                return write.run();
            } catch (QueueException e) {
                if (clock.getAsLong() > until) {
                    throw e;
                }
                LOG.debug("What came of event {} is written again: {}", requestId, e.getMessage());
            }
            try {
                pause.of(PAUSE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new QueueException("interrupted", e);
            }
        }
    }
}
