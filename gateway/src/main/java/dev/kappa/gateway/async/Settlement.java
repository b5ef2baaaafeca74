package dev.kappa.gateway.async;

import dev.kappa.gateway.catalog.AsyncSettings;
import dev.kappa.gateway.catalog.Catalog;
import dev.kappa.gateway.dispatch.Answer;
import dev.kappa.stores.events.AsyncEvent;
import dev.kappa.stores.events.Condition;
import dev.kappa.stores.events.DeadLetter;
import dev.kappa.stores.events.DeadLetters;
import dev.kappa.stores.events.DestinationException;
import dev.kappa.stores.events.EventQueue.Delivery;
import dev.kappa.stores.events.Outcome;
import dev.kappa.stores.events.OutcomeStore;
import dev.kappa.stores.events.QueueException;
import dev.kappa.stores.events.Target;
import dev.kappa.stores.events.TargetDelivery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends events: the outcome first, which only one can write; then dead letters and destinations; then off the queue. Who is
 * interrupted is followed by a redelivery, which finishes what the outcome says.
 */
final class Settlement {
    private static final Logger LOG = LoggerFactory.getLogger(Settlement.class);
    private static final int RESPONSE_LIMIT = 256 * 1024;
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

    private final OutcomeStore outcomes;
    private final DeadLetters letters;
    private final Destinations destinations;
    private final Catalog catalog;
    private final AsyncMeters meters;
    private final long destinationLimitMs;
    private final LongSupplier clock;

    Settlement(
            OutcomeStore outcomes,
            DeadLetters letters,
            Destinations destinations,
            Catalog catalog,
            AsyncMeters meters,
            long destinationLimitMs,
            LongSupplier clock) {
        this.outcomes = outcomes;
        this.letters = letters;
        this.destinations = destinations;
        this.catalog = catalog;
        this.meters = meters;
        this.destinationLimitMs = destinationLimitMs;
        this.clock = clock;
    }

    /** Ends an event as its last run says. */
    void end(Delivery delivery, Condition condition, int invocations, @Nullable Answer last)
            throws QueueException, InterruptedException {
        AsyncEvent event = delivery.event();
        List<TargetDelivery> due = due(event, condition);
        int status = 0;
        String functionError = null;
        String response = null;
        if (last instanceof Answer.Executed executed) {
            status = 200;
            functionError = executed.functionError();
            if (!due.isEmpty() || condition.isFailure()) {
                response = executed.payload().length() <= RESPONSE_LIMIT
                        ? executed.payload().toString()
                        : null;
            }
        } else if (last instanceof Answer.Failed failed) {
            status = failed.status();
            response = failed.message();
        } else if (last instanceof Answer.Throttled) {
            status = 429;
        }
        Outcome mine = new Outcome(
                event.requestId(),
                event.version().namespace(),
                event.version().function(),
                event.version().version(),
                condition,
                invocations,
                event.receivedAtMs(),
                clock.getAsLong(),
                status,
                functionError,
                response,
                due,
                false);
        Outcome kept = outcomes.create(mine);
        if (kept.equals(mine)) {
            meters.ended(event, condition);
        }
        finish(kept, delivery);
    }

    /** Does what an outcome still asks for. */
    void finish(Outcome outcome, Delivery delivery) throws QueueException, InterruptedException {
        AsyncEvent event = delivery.event();
        Outcome now = outcome.condition().isFailure() ? keep(outcome, event) : outcome;
        for (TargetDelivery due : outcome.due()) {
            if (due.done()) {
                continue;
            }
            TargetDelivery after = send(due, now, event);
            if (after == null) {
                outcomes.progress(now);
                delivery.again(pause(delivery.count()));
                return;
            }
            now = now.with(after);
            if (after.error() != null) {
                // Also where the function answered, since the record of that must not be lost.
                now = keep(now, event);
                outcomes.progress(now);
            }
        }
        delivery.done();
    }

    private Outcome keep(Outcome outcome, AsyncEvent event) throws QueueException {
        if (outcome.kept()) {
            return outcome;
        }
        letters.put(DeadLetter.of(outcome, event));
        return outcome.asKept();
    }

    /** The due as it is then; null if it is to be tried again. */
    private @Nullable TargetDelivery send(TargetDelivery due, Outcome outcome, AsyncEvent event)
            throws InterruptedException {
        try {
            destinations.send(due, outcome, event);
            meters.delivered(event, due.kind());
            return due.reached();
        } catch (DestinationException e) {
            meters.destinationFailed(event, due.kind());
            boolean last = e.isForEver() || clock.getAsLong() - outcome.endedAtMs() > destinationLimitMs;
            String why = due.target().words() + ": " + e.getMessage();
            LOG.warn(
                    "{} of event {} of {} {}: {}",
                    due.kind().field(),
                    outcome.requestId(),
                    event.version(),
                    last ? "is given up" : "is tried again",
                    why);
            return last ? due.givenUp(why) : null;
        }
    }

    private List<TargetDelivery> due(AsyncEvent event, Condition condition) {
        if (!catalog.has(event.queue())) {
            // What is set now is not for the events of an earlier function of this name.
            return List.of();
        }
        AsyncSettings settings = catalog.async(event.ref());
        List<TargetDelivery> due = new ArrayList<>();
        if (condition.isFailure()) {
            add(due, TargetDelivery.Kind.DEAD_LETTER, catalog.deadLetter(event.version()));
            add(due, TargetDelivery.Kind.ON_FAILURE, settings.onFailure());
        } else {
            add(due, TargetDelivery.Kind.ON_SUCCESS, settings.onSuccess());
        }
        return due;
    }

    private static void add(List<TargetDelivery> due, TargetDelivery.Kind kind, @Nullable Target target) {
        if (target != null) {
            due.add(TargetDelivery.of(kind, target));
        }
    }

    private static Duration pause(long deliveries) {
        Duration pause = Duration.ofSeconds(1L << Math.min(deliveries, 9));
        return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }
}
