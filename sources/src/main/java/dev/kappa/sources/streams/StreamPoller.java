package dev.kappa.sources.streams;

import dev.kappa.sources.batch.FailedBatch;
import dev.kappa.sources.batch.SourceRecord;
import dev.kappa.sources.batch.StreamCommand;
import dev.kappa.sources.batch.StreamEngine;
import dev.kappa.sources.invoke.BatchRun;
import dev.kappa.sources.work.Errands;
import dev.kappa.sources.work.Poller;
import dev.kappa.sources.work.Signals;
import dev.kappa.sources.work.SourceProblemException;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes the records of one shard to a function; each fetch, run and write has a thread of its own. */
public final class StreamPoller implements Poller {
    private static final Logger LOG = LoggerFactory.getLogger(StreamPoller.class);
    private static final long AGAIN_MS = 1000;

    private final String name;
    private final StreamEngine engine;
    private final Parts parts;
    private final Signals signals;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Errands errands;
    private final StreamBatches batches;
    private @Nullable String unsaved;
    private boolean saving;
    private boolean over;

    /**
     * What it works with.
     *
     * @param shard of the stream
     * @param checkpoints of the shard
     * @param failures keeps what is given up
     * @param runs runs a batch
     * @param problem tells what keeps it from the shard
     * @param clock the time
     * @param timer wakes it
     */
    public record Parts(
            Shard shard,
            CheckpointStore checkpoints,
            FailureStore failures,
            Function<List<SourceRecord>, BatchRun> runs,
            Function<RuntimeException, SourceProblemException> problem,
            InstantSource clock,
            ScheduledExecutorService timer) {}

    /**
     * Does nothing yet.
     *
     * @param name for threads and logs
     * @param engine decides
     * @param parts it works with
     * @param signals hears of it
     */
    public StreamPoller(String name, StreamEngine engine, Parts parts, Signals signals) {
        this.name = name;
        this.engine = engine;
        this.parts = parts;
        this.signals = signals;
        this.batches = new StreamBatches(name, parts.runs(), parts.failures(), signals);
        this.errands = new Errands(name, parts.timer(), this::closeIfOver);
    }

    @Override
    public synchronized void start() {
        perform(engine.passed(now()));
    }

    @Override
    public synchronized void stop() {
        stopping.countDown();
        perform(engine.stop(now()));
        closeIfOver();
    }

    @Override
    public synchronized boolean isOver() {
        return over && errands.areDone();
    }

    private Instant now() {
        return parts.clock().instant();
    }

    private void perform(List<StreamCommand> commands) {
        for (StreamCommand command : commands) {
            switch (command) {
                case StreamCommand.Fetch fetch -> errands.run(() -> fetch(fetch));
                case StreamCommand.Invoke invoke -> errands.run(() -> run(invoke));
                case StreamCommand.StoreFailure failure -> errands.run(() -> store(failure.run(), failure.batch()));
                case StreamCommand.SaveCheckpoint save -> {
                    unsaved = save.checkpoint().position();
                    if (!saving) {
                        saving = true;
                        errands.run(this::save);
                    }
                }
                case StreamCommand.Stopped stopped -> over = true;
            }
        }
        Instant now = now();
        errands.runAt(over ? Optional.empty() : engine.wakeAt(now), now, this::passed);
    }

    private synchronized void passed() {
        perform(engine.passed(now()));
    }

    private void closeIfOver() {
        if (isOver()) {
            parts.shard().close();
        }
    }

    private void fetch(StreamCommand.Fetch fetch) {
        try {
            List<SourceRecord> records = parts.shard().fetch(fetch.after(), fetch.records());
            signals.received(records.size());
            synchronized (this) {
                perform(engine.fetched(records, now()));
            }
        } catch (RuntimeException e) {
            signals.refused(parts.problem().apply(e));
            synchronized (this) {
                perform(engine.fetchFailed(now()));
            }
        }
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

    /** Writes the last one that is asked for, until it is written; one that another wrote ends this. */
    private void save() {
        while (true) {
            String position;
            synchronized (this) {
                position = unsaved;
                unsaved = null;
                if (position == null) {
                    saving = false;
                    return;
                }
            }
            try {
                if (!parts.checkpoints().write(position)) {
                    lost();
                    return;
                }
            } catch (IOException e) {
                LOG.warn("{}: the checkpoint is not written yet: {}", name, e.getMessage());
                // Whether it landed, nobody knows: what is there now is compared with next.
                if (!again(position)) {
                    return;
                }
            }
        }
    }

    private boolean again(String position) {
        synchronized (this) {
            if (unsaved == null) {
                unsaved = position;
            }
        }
        try {
            Thread.sleep(AGAIN_MS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private synchronized void lost() {
        LOG.warn("{}: another process wrote the checkpoint, this one ends", name);
        engine.leaseLost();
        saving = false;
        over = true;
        signals.lost(new SourceProblemException(
                "Moved", "Another process works on the source; this one looks again in a moment."));
    }
}
