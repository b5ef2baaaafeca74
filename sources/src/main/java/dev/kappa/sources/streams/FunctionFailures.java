package dev.kappa.sources.streams;

import dev.kappa.sources.batch.FailedBatch;
import dev.kappa.sources.invoke.BatchRun;
import dev.kappa.sources.invoke.FunctionTarget;
import dev.kappa.sources.invoke.RefusedEventException;
import dev.kappa.sources.shape.FailureRecords;
import dev.kappa.sources.ticks.EventSink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;

/** Gives the records of failed batches to a function, as asynchronous events that are one however often they are sent. */
public final class FunctionFailures implements FailureStore {
    private final String source;
    private final FunctionTarget function;
    private final EventSink events;
    private final FailureRecords.Place place;
    private final String functionArn;
    private final InstantSource clock;

    /**
     * Of a source.
     *
     * @param source tells its batches from those of all others
     * @param function that gets the records
     * @param events takes them
     * @param place of the batches
     * @param functionArn of the function that failed
     * @param clock the time
     */
    public FunctionFailures(
            String source,
            FunctionTarget function,
            EventSink events,
            FailureRecords.Place place,
            String functionArn,
            InstantSource clock) {
        this.source = source;
        this.function = function;
        this.events = events;
        this.place = place;
        this.functionArn = functionArn;
        this.clock = clock;
    }

    @Override
    public void store(FailedBatch batch, BatchRun last) throws IOException, InterruptedException {
        String name = source + "|" + place.shard() + "|" + batch.start() + "|" + batch.end() + "|" + batch.condition();
        try {
            events.accept(
                    function,
                    UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8))
                            .toString(),
                    FailureRecords.json(
                            batch,
                            new FailureRecords.Run(last.requestId(), functionArn, last.version()),
                            place,
                            Optional.empty(),
                            clock.instant()));
        } catch (RefusedEventException e) {
            throw new IOException(e.reason() + ": " + e.getMessage(), e);
        }
    }
}
