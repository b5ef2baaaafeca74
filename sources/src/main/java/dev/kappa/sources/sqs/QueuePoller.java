package dev.kappa.sources.sqs;

import dev.kappa.sources.batch.Delivery;
import dev.kappa.sources.batch.QueueCommand;
import dev.kappa.sources.batch.QueueEngine;
import dev.kappa.sources.batch.SourceRecord;
import dev.kappa.sources.invoke.BatchRun;
import dev.kappa.sources.work.Errands;
import dev.kappa.sources.work.Poller;
import dev.kappa.sources.work.Signals;
import dev.kappa.sources.work.SourceProblemException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out what the engine of a queue asks for; each call to the queue and each run has a thread of its own. */
final class QueuePoller implements Poller {
    private static final Logger LOG = LoggerFactory.getLogger(QueuePoller.class);
    private static final Duration PAUSE = Duration.ofSeconds(5);

    private final String name;
    private final QueueEngine engine;
    private final SqsQueue queue;
    private final Function<List<SourceRecord>, BatchRun> runs;
    private final Signals signals;
    private final Function<RuntimeException, SourceProblemException> problem;
    private final InstantSource clock;
    private final Errands errands;
    private final CountDownLatch stopping = new CountDownLatch(1);
    /** Receipt handles. */
    private final Map<Long, String> receipts = new HashMap<>();

    private long deliveries;
    private boolean over;

    QueuePoller(
            String name,
            QueueEngine engine,
            SqsQueue queue,
            Function<List<SourceRecord>, BatchRun> runs,
            Signals signals,
            Function<RuntimeException, SourceProblemException> problem,
            InstantSource clock,
            ScheduledExecutorService timer) {
        this.name = name;
        this.engine = engine;
        this.queue = queue;
        this.runs = runs;
        this.signals = signals;
        this.problem = problem;
        this.clock = clock;
        this.errands = new Errands(name, timer, () -> {});
    }

    @Override
    public synchronized void start() {
        perform(engine.passed(clock.instant()));
    }

    /** What waits goes back; what runs ends. */
    @Override
    public synchronized void stop() {
        stopping.countDown();
        perform(engine.stop(clock.instant()));
    }

    @Override
    public synchronized boolean isOver() {
        return over && errands.areDone();
    }

    private void perform(List<QueueCommand> commands) {
        for (QueueCommand command : commands) {
            switch (command) {
                case QueueCommand.Receive receive -> errands.run(() -> receive(receive.records()));
                case QueueCommand.Invoke invoke -> errands.run(() -> run(invoke));
                case QueueCommand.Ack ack -> {
                    List<String> done = forget(ack.deliveries());
                    errands.run(() -> settle(() -> queue.delete(done)));
                }
                case QueueCommand.GiveBack back -> {
                    List<String> left = forget(back.deliveries());
                    // Those of a run that failed come again once their time is over.
                    if (!back.failed()) {
                        errands.run(() -> settle(() -> queue.visibility(left, Duration.ZERO)));
                    }
                }
                case QueueCommand.Extend extend -> {
                    List<String> held = handles(extend.deliveries());
                    errands.run(() -> settle(() -> queue.visibility(held, queue.visibility())));
                }
                case QueueCommand.Stopped stopped -> over = true;
            }
        }
        Instant now = clock.instant();
        errands.runAt(over ? Optional.empty() : engine.wakeAt(now), now, this::passed);
    }

    private List<String> handles(List<Delivery> of) {
        return of.stream().map(it -> receipts.getOrDefault(it.number(), "")).toList();
    }

    private List<String> forget(List<Delivery> settled) {
        List<String> handles = handles(settled);
        settled.forEach(it -> receipts.remove(it.number()));
        return handles;
    }

    private synchronized void passed() {
        perform(engine.passed(clock.instant()));
    }

    private void receive(int records) {
        Instant sentAt = clock.instant();
        List<SqsQueue.Message> messages = List.of();
        try {
            messages = queue.receive(records);
            signals.received(messages.size());
        } catch (RuntimeException e) {
            signals.refused(problem.apply(e));
            pause(PAUSE);
        }
        synchronized (this) {
            List<Delivery> brought = new ArrayList<>();
            for (SqsQueue.Message message : messages) {
                receipts.put(++deliveries, message.receipt());
                brought.add(new Delivery(deliveries, message.record()));
            }
            perform(engine.received(records, brought, sentAt, clock.instant()));
        }
    }

    private void pause(Duration time) {
        try {
            var _ = stopping.await(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run(QueueCommand.Invoke invoke) {
        BatchRun ended = runs.apply(invoke.records());
        signals.ended(ended, invoke.records().size());
        synchronized (this) {
            perform(engine.answered(invoke.run(), ended.answer(), clock.instant()));
        }
    }

    /** What is not deleted comes again, and so does what is not extended: AWS's client has tried it several times. */
    private void settle(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            LOG.warn("{}: messages may come again: {}", name, e.getMessage());
        }
    }
}
