package dev.kappa.sources.ticks;

import dev.kappa.api.v1alpha1.EventSource;
import dev.kappa.api.v1alpha1.EventSourceStatus;
import dev.kappa.sources.cluster.Report;
import dev.kappa.sources.invoke.RefusedEventException;
import dev.kappa.sources.schedule.Due;
import dev.kappa.sources.shape.ScheduledEvent;
import dev.kappa.sources.work.Worker;
import dev.kappa.stores.keys.KeyStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes one schedule from tick to tick: sends the event of what is due, and then writes down that it is settled. */
public final class Ticker implements Worker {
    private static final Logger LOG = LoggerFactory.getLogger(Ticker.class);
    /** Of the condition and of the column Source. */
    private static final String KIND = "Schedule";

    /** While the lease is not renewed. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(500);
    /** Clocks are set. */
    private static final Duration LONGEST_SLEEP = Duration.ofMinutes(5);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final int MOST_DOUBLINGS = 6;

    private final TickTools tools;
    private final String key;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile EventSource source;
    private volatile boolean stopped;
    private @Nullable Plan plan;
    private @Nullable Settled settled;
    private @Nullable ScheduledFuture<?> next;
    private @Nullable Instant eventAt;
    private @Nullable String result;
    private @Nullable Report told;
    private long toldGeneration;
    private int failures;

    /**
     * Does nothing yet.
     *
     * @param source with a schedule
     * @param tools of all schedules
     */
    public Ticker(EventSource source, TickTools tools) {
        this.source = source;
        this.tools = tools;
        this.key = key(source.getMetadata().getUid());
    }

    /**
     * The key of a schedule.
     *
     * @param uid of its source
     */
    public static String key(String uid) {
        return "schedule." + uid;
    }

    @Override
    public void start() {
        wake();
    }

    /** Begins, or looks again; returns at once. */
    private void wake() {
        Thread.ofVirtual().name(key).start(this::step);
    }

    @Override
    public void changed(EventSource changed) {
        if (take(changed)) {
            wake();
        }
    }

    /** Whether it is another manifest than before, and not only another status. */
    boolean take(EventSource changed) {
        boolean edited = !Objects.equals(
                source.getMetadata().getGeneration(), changed.getMetadata().getGeneration());
        source = changed;
        return edited;
    }

    @Override
    public void stop() {
        stopped = true;
    }

    /** What is being sent is not waited for: the next leader sends it again. */
    @Override
    public boolean isOver() {
        return true;
    }

    void step() {
        EventSource current = source;
        lock.lock();
        try {
            if (stopped) {
                sleep(null);
            } else if (!tools.mayAct().getAsBoolean()) {
                sleep(LOOK_AGAIN);
            } else {
                sleep(advance(current));
                failures = 0;
            }
        } catch (IllegalArgumentException e) {
            plan = null;
            tell(current, false, "InvalidSchedule", String.valueOf(e.getMessage()), Optional.empty());
        } catch (RefusedEventException e) {
            tools.meters().refused();
            again(current, e.reason(), e);
        } catch (IOException e) {
            settled = null;
            again(current, "Unreachable", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("The schedule of {} failed", key, e);
            settled = null;
            again(current, "Failed", e);
        } finally {
            lock.unlock();
        }
    }

    /** Sends what is due; how long to sleep then, null for ever. */
    private @Nullable Duration advance(EventSource current)
            throws RefusedEventException, IOException, InterruptedException {
        Plan wanted = plan;
        if (wanted == null || wanted.generation() != current.getMetadata().getGeneration()) {
            wanted = Plan.of(current, current.getSpec().schedule);
        }
        Settled known = settled == null ? load(current, wanted) : settled;
        if (!known.timing().equals(wanted.timing())) {
            known = edit(known, wanted, current);
        }
        plan = wanted;
        if (!wanted.enabled()) {
            tell(current, false, "Disabled", "spec.enabled is false: ticks have no events.", Optional.empty());
            return null;
        }
        while (true) {
            switch (wanted.schedule().due(known.until(), tools.clock().instant())) {
                case Due.Wait wait -> {
                    tellNext(current, wanted, known);
                    return shorter(Duration.between(tools.clock().instant(), wait.until()));
                }
                case Due.Over over -> {
                    tell(current, true, "Completed", "The schedule has no more ticks.", Optional.empty());
                    return null;
                }
                case Due.Missed missed -> {
                    known = save(known.tick(missed.tick(), false));
                    tools.meters().missed(missed.missed());
                    result = "Missed " + missed.missed();
                }
                case Due.Run run -> {
                    send(wanted, run, current);
                    known = save(known.tick(run.tick(), true));
                    tools.meters().missed(run.missed());
                }
            }
            if (stopped || !tools.mayAct().getAsBoolean()) {
                return LOOK_AGAIN;
            }
        }
    }

    private Settled load(EventSource current, Plan wanted) throws IOException {
        Optional<KeyStore.Value> value = tools.keys().find(key);
        if (value.isPresent()) {
            Settled read = Settled.read(value.get());
            settled = read;
            return read;
        }
        EventSourceStatus status = current.getStatus();
        // NATS may have lost its disk.
        Optional<Instant> last =
                Optional.ofNullable(status == null ? null : status.lastTick).map(Instant::parse);
        Instant from = last.filter(wanted.editedAt()::isBefore).orElse(wanted.editedAt());
        return save(new Settled(from, last, wanted.timing(), 0));
    }

    /** What was due before other ticks were asked for has its event first, and nothing before that has one now. */
    private Settled edit(Settled known, Plan wanted, EventSource current)
            throws RefusedEventException, IOException, InterruptedException {
        Plan before = plan;
        Settled now = known;
        if (before != null
                && before.enabled()
                && before.timing().equals(known.timing())
                && before.schedule().due(known.until(), wanted.editedAt()) instanceof Due.Run run) {
            send(wanted, run, current);
            now = save(known.tick(run.tick(), true));
        }
        Instant from = now.until().isAfter(wanted.editedAt()) ? now.until() : wanted.editedAt();
        return save(new Settled(from, now.lastTick(), wanted.timing(), now.revision()));
    }

    private void send(Plan from, Due.Run run, EventSource current)
            throws RefusedEventException, IOException, InterruptedException {
        String payload = from.input()
                .orElseGet(() -> ScheduledEvent.json(
                        run.requestId(),
                        tools.account().apply(current.getMetadata().getNamespace()),
                        tools.region(),
                        current.getMetadata().getName(),
                        run.tick()));
        tools.events().accept(from.function(), run.requestId(), payload);
        eventAt = tools.clock().instant();
        tools.meters().accepted(Duration.between(run.tick(), eventAt));
        result = run.missed() == 0 ? "Accepted" : "Accepted, after " + run.missed() + " that were missed";
    }

    private Settled save(Settled wanted) throws IOException {
        OptionalLong revision = tools.keys().write(key, wanted.text(), wanted.revision());
        Settled saved = wanted.at(revision.orElseThrow(
                () -> new IOException("another process wrote how far the schedule is; it is read again")));
        settled = saved;
        return saved;
    }

    private void again(EventSource current, String reason, Exception e) {
        failures++;
        LOG.warn("{}: {}; it is tried again", key, e.getMessage());
        tell(current, false, reason, "A tick has no event yet and is tried again: " + e.getMessage(), Optional.empty());
        sleep(FIRST_PAUSE.multipliedBy(1L << Math.min(failures, MOST_DOUBLINGS)));
    }

    private static Duration shorter(Duration wait) {
        return wait.compareTo(LONGEST_SLEEP) < 0 ? wait : LONGEST_SLEEP;
    }

    private void sleep(@Nullable Duration time) {
        if (next != null) {
            next.cancel(false);
            next = null;
        }
        if (time != null && !stopped) {
            next = tools.timer().schedule(this::wake, Math.max(1, time.toMillis()), TimeUnit.MILLISECONDS);
        }
    }

    private void tellNext(EventSource current, Plan wanted, Settled known) {
        Optional<Instant> tick = wanted.schedule().next(known.until());
        tell(
                current,
                true,
                "Scheduled",
                "The next tick is " + tick.map(Instant::toString).orElse("none") + ".",
                tick);
    }

    private void tell(EventSource current, boolean ready, String reason, String message, Optional<Instant> tick) {
        Report report = new Report(
                KIND,
                !Boolean.FALSE.equals(current.getSpec().enabled),
                ready,
                reason,
                message,
                new Report.Progress(
                        Optional.ofNullable(eventAt),
                        settled == null ? Optional.empty() : settled.lastTick(),
                        tick,
                        Optional.ofNullable(result)));
        long generation = current.getMetadata().getGeneration();
        if (!report.equals(told) || generation != toldGeneration) {
            told = report;
            toldGeneration = generation;
            tools.statuses().accept(current, report);
        }
    }
}
