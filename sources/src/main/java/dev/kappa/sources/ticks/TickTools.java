package dev.kappa.sources.ticks;

import dev.kappa.api.v1alpha1.EventSource;
import dev.kappa.sources.cluster.Report;
import dev.kappa.stores.keys.KeyStore;
import java.time.InstantSource;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/**
 * What all schedules use.
 *
 * @param keys where it is written how far each is
 * @param events takes what they send
 * @param statuses hears of them
 * @param mayAct whether this process leads
 * @param clock the time
 * @param timer wakes them
 * @param region that events show
 * @param account of a namespace
 * @param meters counts ticks
 */
public record TickTools(
        KeyStore keys,
        EventSink events,
        BiConsumer<EventSource, Report> statuses,
        BooleanSupplier mayAct,
        InstantSource clock,
        ScheduledExecutorService timer,
        String region,
        UnaryOperator<String> account,
        TickMeters meters) {}
