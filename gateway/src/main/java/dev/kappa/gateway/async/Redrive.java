package dev.kappa.gateway.async;

import dev.kappa.gateway.catalog.Catalog;
import dev.kappa.lambda.FunctionKey;
import dev.kappa.lambda.VersionKey;
import dev.kappa.stores.events.AsyncEvent;
import dev.kappa.stores.events.DeadLetter;
import dev.kappa.stores.events.DeadLetters;
import dev.kappa.stores.events.DeadLetters.Kept;
import dev.kappa.stores.events.EventQueue;
import dev.kappa.stores.events.Outcome;
import dev.kappa.stores.events.QueueException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/** Runs dead letters again, as new events of the same version: queued first, then taken from the dead letters. */
final class Redrive {
    private static final int PAGE = 100;

    private final EventQueue queue;
    private final DeadLetters letters;
    private final Catalog catalog;

    Redrive(EventQueue queue, DeadLetters letters, Catalog catalog) {
        this.queue = queue;
        this.letters = letters;
        this.catalog = catalog;
    }

    /** How many were queued: 1. */
    long one(Kept kept) throws QueueException {
        DeadLetter letter = kept.letter();
        Outcome outcome = letter.outcome();
        // The same letter has the same new id, so that a redrive that was cut off does not run it twice.
        String id = UUID.nameUUIDFromBytes(
                        (outcome.requestId() + "/redrive/" + kept.sequence()).getBytes(StandardCharsets.UTF_8))
                .toString();
        queue.publish(new AsyncEvent(
                id,
                new VersionKey(outcome.namespace(), outcome.function(), outcome.version()),
                catalog.uid(new FunctionKey(outcome.namespace(), outcome.function())),
                letter.qualifier(),
                letter.payload().getBytes(StandardCharsets.UTF_8),
                letter.invokedArn(),
                letter.clientContext(),
                null,
                letter.caller(),
                System.currentTimeMillis(),
                1));
        letters.remove(new FunctionKey(outcome.namespace(), outcome.function()), kept.sequence());
        return 1;
    }

    /** How many were queued. */
    long all(FunctionKey function) throws QueueException {
        // Those that come back while this runs are left for the next time.
        long left = letters.count(function);
        long redriven = 0;
        List<Kept> page = letters.list(function, 0, PAGE);
        while (!page.isEmpty()) {
            for (Kept kept : page) {
                if (redriven == left) {
                    return redriven;
                }
                redriven += one(kept);
            }
            page = letters.list(function, page.get(page.size() - 1).sequence(), PAGE);
        }
        return redriven;
    }
}
