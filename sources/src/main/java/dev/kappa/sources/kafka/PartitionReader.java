package dev.kappa.sources.kafka;

import dev.kappa.sources.batch.FailedBatch;
import dev.kappa.sources.batch.SourceRecord;
import dev.kappa.sources.batch.StreamCommand;
import dev.kappa.sources.batch.StreamEngine;
import dev.kappa.sources.invoke.BatchRun;
import dev.kappa.sources.streams.FailureStore;
import dev.kappa.sources.streams.StreamBatches;
import dev.kappa.sources.work.Errands;
import dev.kappa.sources.work.Signals;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;

/** Takes the records of one partition, which the consumer's thread brings, through a function, and says which offset is to be committed. */
final class PartitionReader {
    private final StreamEngine engine;
    private final Parts parts;
    private final Errands errands;
    private final Deque<SourceRecord> fetched = new ArrayDeque<>();
    private final StreamBatches batches;
    private int wanted;
    private OptionalLong next = OptionalLong.empty();
    private OptionalLong uncommitted = OptionalLong.empty();
    private boolean stopping;
    private boolean over;

    /**
     * What it works with.
     *
     * @param failures keeps what is given up
     * @param runs runs a batch
     * @param clock the time
     * @param timer wakes it
     */
    record Parts(
            FailureStore failures,
            Function<List<SourceRecord>, BatchRun> runs,
            InstantSource clock,
            ScheduledExecutorService timer) {}

    PartitionReader(String name, StreamEngine engine, Parts parts, Signals signals) {
        this.engine = engine;
        this.parts = parts;
        this.batches = new StreamBatches(name, parts.runs(), parts.failures(), signals);
        this.errands = new Errands(name, parts.timer(), () -> {});
    }

    synchronized void start() {
        perform(engine.passed(now()));
    }

    /** Nothing new is run. */
    synchronized void stop() {
        if (!stopping) {
            stopping = true;
            perform(engine.stop(now()));
        }
    }

    /** Another has the partition. */
    synchronized void lose() {
        engine.leaseLost();
        stopping = true;
        over = true;
        wanted = 0;
        uncommitted = OptionalLong.empty();
        errands.runAt(Optional.empty(), now(), () -> {});
    }

    /** Whether nothing runs any more. */
    synchronized boolean isOver() {
        return over && errands.areDone();
    }

    synchronized boolean wantsRecords() {
        return wanted > 0;
    }

    /** Whether something may soon have to be committed or fetched. */
    synchronized boolean isBusy() {
        return wanted == 0 || uncommitted.isPresent() || !errands.areDone();
    }

    synchronized void add(List<SourceRecord> records) {
        if (next.isEmpty() && !records.isEmpty()) {
            next = OptionalLong.of(Long.parseLong(records.getFirst().id()));
        }
        fetched.addAll(records);
        perform(List.of());
    }

    /** The offset of the first record that is not done; empty if none came yet. */
    synchronized OptionalLong next() {
        return next;
    }

    /** The offset to be committed, if there is a new one. */
    synchronized OptionalLong takeUncommitted() {
        OptionalLong taken = uncommitted;
        uncommitted = OptionalLong.empty();
        return taken;
    }

    synchronized boolean isUncommitted() {
        return uncommitted.isPresent();
    }

    synchronized void notCommitted(long offset) {
        if (uncommitted.isEmpty() && !over) {
            uncommitted = OptionalLong.of(offset);
        }
    }

    private Instant now() {
        return parts.clock().instant();
    }

    private void perform(List<StreamCommand> commands) {
        commands.forEach(this::perform);
        while (wanted > 0 && !fetched.isEmpty()) {
            List<SourceRecord> records = new ArrayList<>();
            while (records.size() < wanted && !fetched.isEmpty()) {
                records.add(fetched.removeFirst());
            }
            wanted = 0;
            engine.fetched(records, now()).forEach(this::perform);
        }
        Instant now = now();
        errands.runAt(over ? Optional.empty() : engine.wakeAt(now), now, this::passed);
    }

    private void perform(StreamCommand command) {
        switch (command) {
            case StreamCommand.Fetch fetch -> wanted = fetch.records();
            case StreamCommand.Invoke invoke -> errands.run(() -> run(invoke));
            case StreamCommand.StoreFailure failure -> errands.run(() -> store(failure.run(), failure.batch()));
            case StreamCommand.SaveCheckpoint save -> {
                next = OptionalLong.of(Long.parseLong(save.checkpoint().position()) + 1);
                uncommitted = next;
            }
            case StreamCommand.Stopped stopped -> {
                over = true;
                wanted = 0;
            }
        }
    }

    private synchronized void passed() {
        perform(engine.passed(now()));
    }

    private void run(StreamCommand.Invoke invoke) {
        BatchRun ended = batches.run(invoke.records());
        synchronized (this) {
            perform(engine.answered(invoke.run(), ended.answer(), now()));
        }
    }

    private void store(long run, FailedBatch batch) {
        boolean stored = batches.store(batch);
        synchronized (this) {
            perform(stored ? engine.failureStored(run, now()) : engine.failureNotStored(run, now()));
        }
    }
}
