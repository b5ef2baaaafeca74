package dev.kappa.sources.work;

import dev.kappa.api.v1alpha1.EventSource;
import dev.kappa.sources.invoke.BatchRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Connects a source to its function, again after a failure, and anew whenever the manifest changes. */
public final class PollingWorker implements Worker {
    private static final long AGAIN_S = 10;

    private final Opener opener;
    private final SourceStatus status;
    private final BatchMeters meters;
    private final ScheduledExecutorService timer;
    private final List<Poller> leaving = new ArrayList<>();
    private EventSource source;
    private @Nullable Poller poller;
    private long connection;
    private boolean stopped;

    /** Reaches sources. */
    @FunctionalInterface
    public interface Opener {
        /**
         * Makes the poller of a source; blocks until the source has answered.
         *
         * @param source whose
         * @param signals hears of it
         * @throws SourceProblemException if it cannot work; it is tried again
         */
        Poller open(EventSource source, Signals signals);
    }

    /**
     * Does nothing yet.
     *
     * @param source to work on
     * @param opener reaches it
     * @param status tells of it
     * @param meters counts batches
     * @param timer wakes it
     */
    public PollingWorker(
            EventSource source,
            Opener opener,
            SourceStatus status,
            BatchMeters meters,
            ScheduledExecutorService timer) {
        this.source = source;
        this.opener = opener;
        this.status = status;
        this.meters = meters;
        this.timer = timer;
    }

    @Override
    public synchronized void start() {
        connect(++connection);
    }

    @Override
    public synchronized void changed(EventSource changed) {
        boolean edited = !Objects.equals(
                source.getMetadata().getGeneration(), changed.getMetadata().getGeneration());
        source = changed;
        if (stopped || !edited) {
            status.is(changed);
            return;
        }
        status.begin(changed);
        leave();
        connect(++connection);
    }

    @Override
    public synchronized void stop() {
        stopped = true;
        connection++;
        leave();
    }

    @Override
    public synchronized boolean isOver() {
        leaving.removeIf(Poller::isOver);
        return leaving.isEmpty();
    }

    private void leave() {
        leaving.removeIf(Poller::isOver);
        Poller before = poller;
        if (before != null) {
            before.stop();
            leaving.add(before);
            poller = null;
        }
    }

    private void connect(long number) {
        EventSource current = source;
        if (Boolean.FALSE.equals(current.getSpec().enabled)) {
            status.disabled();
        } else {
            Thread.ofVirtual().start(() -> connect(number, current));
        }
    }

    private void connect(long number, EventSource current) {
        try {
            Poller made = opener.open(current, new Current(number));
            synchronized (this) {
                if (number == connection) {
                    poller = made;
                    status.works();
                    made.start();
                } else {
                    // Closes what it was opened with.
                    made.stop();
                }
            }
        } catch (SourceProblemException e) {
            synchronized (this) {
                if (number == connection) {
                    status.refused(e);
                    var _ = timer.schedule(() -> again(number), AGAIN_S, TimeUnit.SECONDS);
                }
            }
        }
    }

    private synchronized void again(long number) {
        if (number == connection) {
            connect(number);
        }
    }

    private synchronized void lost(long number, SourceProblemException problem) {
        if (number == connection) {
            leave();
            status.refused(problem);
            var _ = timer.schedule(() -> again(number), AGAIN_S, TimeUnit.SECONDS);
        }
    }

    private synchronized boolean is(long number) {
        return number == connection;
    }

    /** Of what an earlier manifest began, only the counts are of interest. */
    private final class Current implements Signals {
        private final long number;

        Current(long number) {
            this.number = number;
        }

        @Override
        public void received(int records) {
            meters.received(records);
            if (is(number)) {
                status.works();
            }
        }

        @Override
        public void lags(long records) {
            if (is(number)) {
                status.lags(records);
            }
        }

        @Override
        public void refused(SourceProblemException problem) {
            if (is(number)) {
                status.refused(problem);
            }
        }

        @Override
        public void lost(SourceProblemException problem) {
            Thread.ofVirtual().start(() -> PollingWorker.this.lost(number, problem));
        }

        @Override
        public void ended(BatchRun run, int records) {
            meters.ended(run.answer());
            if (is(number)) {
                status.ended(run, records);
            }
        }
    }
}
