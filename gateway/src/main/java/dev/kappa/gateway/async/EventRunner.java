package dev.kappa.gateway.async;

import dev.kappa.gateway.async.Retry.Decision;
import dev.kappa.gateway.catalog.AsyncSettings;
import dev.kappa.gateway.catalog.Catalog;
import dev.kappa.gateway.dispatch.Answer;
import dev.kappa.gateway.dispatch.Dispatcher;
import dev.kappa.gateway.dispatch.Event;
import dev.kappa.gateway.dispatch.VersionConfig;
import dev.kappa.stores.events.AsyncEvent;
import dev.kappa.stores.events.Attempts;
import dev.kappa.stores.events.Condition;
import dev.kappa.stores.events.EventQueue.Delivery;
import dev.kappa.stores.events.Outcome;
import dev.kappa.stores.events.OutcomeStore;
import dev.kappa.stores.events.QueueException;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes one delivery of an event to its end, or gives it back to the queue. */
final class EventRunner {
    private static final Logger LOG = LoggerFactory.getLogger(EventRunner.class);
    /** Informers of the gateways differ by less: what none of them knows by then is gone. */
    private static final long UNKNOWN_MS = 60_000;

    private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);
    /** A queue or store that does not answer is asked again after this. */
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private static final long LONGEST_WAIT_MS = 900_000;
    private static final long MARGIN_MS = 60_000;

    private final Dispatcher dispatcher;
    private final Catalog catalog;
    private final OutcomeStore outcomes;
    private final Settlement settlement;
    private final Retry retry;
    private final AsyncMeters meters;
    private final LongSupplier clock;

    EventRunner(
            Dispatcher dispatcher,
            Catalog catalog,
            OutcomeStore outcomes,
            Settlement settlement,
            Retry retry,
            AsyncMeters meters,
            LongSupplier clock) {
        this.dispatcher = dispatcher;
        this.catalog = catalog;
        this.outcomes = outcomes;
        this.settlement = settlement;
        this.retry = retry;
        this.meters = meters;
        this.clock = clock;
    }

    /** Blocks until the event is settled or given back. */
    void run(Delivery delivery) {
        AsyncEvent event = delivery.event();
        try {
            Optional<Outcome> ended = mayHaveEnded(delivery)
                    ? outcomes.find(event.version().functionKey(), event.requestId())
                    : Optional.empty();
            if (ended.isPresent()) {
                settlement.finish(ended.get(), delivery);
            } else if (delivery.unreadable() != null) {
                settlement.end(delivery, Condition.UNREADABLE, 0, new Answer.Failed(500, delivery.unreadable()));
            } else {
                attempt(
                        delivery,
                        delivery.count() > 1
                                ? outcomes.attempts(event.version().functionKey(), event.requestId())
                                : Attempts.NONE);
            }
        } catch (QueueException e) {
            LOG.warn("Event {} of {} is given back: {}", event.requestId(), event.version(), e.getMessage());
            delivery.again(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            delivery.again(Duration.ZERO);
        } catch (RuntimeException e) {
            LOG.error("Event {} of {} is given back", event.requestId(), event.version(), e);
            delivery.again(PAUSE);
        }
    }

    /** What came out of a destination or is a tick of a schedule may have been sent twice. */
    private static boolean mayHaveEnded(Delivery delivery) {
        return delivery.count() > 1
                || delivery.event().depth() > 0
                || delivery.event().hasDerivedId();
    }

    private void attempt(Delivery delivery, Attempts before) throws QueueException, InterruptedException {
        AsyncEvent event = delivery.event();
        long now = clock.getAsLong();
        long ageMs = now - event.receivedAtMs();
        if (!catalog.has(event.queue())) {
            if (ageMs < UNKNOWN_MS) {
                delivery.again(LOOK_AGAIN);
            } else {
                settlement.end(delivery, Condition.FUNCTION_DELETED, before.failed(), null);
            }
            return;
        }
        // The queue forgets delays when it restarts.
        if (before.notBeforeMs() > now) {
            delivery.again(Duration.ofMillis(before.notBeforeMs() - now));
            return;
        }
        AsyncSettings settings = catalog.async(event.ref());
        VersionConfig config = catalog.config(event.version());
        if (config != null && Integer.valueOf(0).equals(config.reserved())) {
            settlement.end(delivery, Condition.ZERO_RESERVED_CONCURRENCY, 0, null);
        } else if (ageMs > settings.maxEventAgeMs()) {
            settlement.end(delivery, Condition.EVENT_AGE_EXCEEDED, before.failed(), null);
        } else {
            run(delivery, before, settings, now);
        }
    }

    private void run(Delivery delivery, Attempts before, AsyncSettings settings, long now)
            throws QueueException, InterruptedException {
        AsyncEvent event = delivery.event();
        meters.started(event, now - event.receivedAtMs());
        long untilMs = Math.min(now + LONGEST_WAIT_MS, event.receivedAtMs() + settings.maxEventAgeMs());
        Answer answer = answer(event, now, untilMs, limitMs(event, now, untilMs));
        long ageMs = clock.getAsLong() - event.receivedAtMs();
        switch (retry.after(answer, settings, before.failed(), delivery.count(), ageMs)) {
            case Decision.End end ->
                settlement.end(
                        delivery,
                        end.condition(),
                        before.failed() + (answer instanceof Answer.Executed ? 1 : 0),
                        answer);
            case Decision.Again again -> {
                if (again.counts() && answer instanceof Answer.Executed executed) {
                    outcomes.failed(
                            event.version().functionKey(),
                            event.requestId(),
                            new Attempts(
                                    before.failed() + 1,
                                    clock.getAsLong() + again.delayMs(),
                                    executed.payload().toString()));
                }
                if (!(answer instanceof Answer.Moved)) {
                    meters.again(event, again.counts());
                }
                delivery.again(Duration.ofMillis(again.delayMs()));
            }
        }
    }

    /** The wait for an instance, the run, and what the dispatcher needs to notice that an instance is lost. */
    private long limitMs(AsyncEvent event, long now, long untilMs) {
        VersionConfig config = catalog.config(event.version());
        long runMs = config == null ? LONGEST_WAIT_MS : config.timeoutSeconds() * 1000L;
        return Math.max(0, untilMs - now) + runMs + MARGIN_MS;
    }

    private Answer answer(AsyncEvent event, long now, long untilMs, long limitMs) throws InterruptedException {
        try {
            return dispatcher
                    .submit(new Event(
                            event.requestId(),
                            event.version(),
                            Buffer.buffer(event.payload()),
                            event.invokedArn(),
                            event.clientContext(),
                            event.traceId(),
                            false,
                            now,
                            true,
                            untilMs))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(limitMs, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            return new Answer.Failed(500, "The gateway failed: " + e.getCause());
        } catch (TimeoutException e) {
            LOG.error("Nobody answered for event {} of {} within {} ms", event.requestId(), event.version(), limitMs);
            return new Answer.Failed(500, "The gateway had no answer within " + limitMs + " ms.");
        }
    }
}
