package dev.kappa.sources.work;

import dev.kappa.api.v1alpha1.EventSource;
import dev.kappa.sources.cluster.Report;
import java.time.InstantSource;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * What all sources that are polled use.
 *
 * @param statuses hears of them
 * @param clock the time
 * @param timer wakes them
 * @param meters counts batches
 */
public record Polling(
        BiConsumer<EventSource, Report> statuses,
        InstantSource clock,
        ScheduledExecutorService timer,
        BatchMeters meters) {
    /**
     * Makes the worker of a source.
     *
     * @param source to work on
     * @param opener reaches it
     * @param kind of it, as people call it
     * @param works what it does, in a sentence
     */
    public Worker worker(
            EventSource source, PollingWorker.Opener opener, String kind, Function<EventSource, String> works) {
        return new PollingWorker(
                source, opener, new SourceStatus(source, kind, works, statuses, clock, timer), meters, timer);
    }
}
