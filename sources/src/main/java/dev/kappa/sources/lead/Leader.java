package dev.kappa.sources.lead;

import dev.kappa.sources.batch.Checkpoint;
import dev.kappa.sources.lease.LeaseCommand;
import dev.kappa.sources.lease.LeaseKeeper;
import dev.kappa.sources.lease.LeaseTimes;
import dev.kappa.sources.lease.ShardState;
import dev.kappa.sources.lease.Stored;
import dev.kappa.stores.keys.KeyStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out what the keeper of the one lease asks for, on a thread of its own. */
public final class Leader {
    private static final Logger LOG = LoggerFactory.getLogger(Leader.class);
    private static final String KEY = "leader";
    private static final Duration SHORTEST = Duration.ofMillis(20);

    private final KeyStore keys;
    private final LeaseKeeper keeper;
    private Runnable begin = () -> {};
    private Runnable end = () -> {};
    /** Of a clock that does not jump; only differences of its times mean something. */
    private final Instant base = Instant.now();

    private final long baseNanos = System.nanoTime();
    private final CountDownLatch released = new CountDownLatch(1);
    private final CountDownLatch leaving = new CountDownLatch(1);
    private volatile Instant mayActUntil = Instant.MIN;
    private boolean leads;

    /**
     * Does not want to lead yet.
     *
     * @param keys where the lease is
     * @param owner name of this process, which no other has, also none before it
     * @param times of the lease
     */
    public Leader(KeyStore keys, String owner, LeaseTimes times) {
        this.keys = keys;
        this.keeper = new LeaseKeeper(owner, Checkpoint.at(""), times);
    }

    /**
     * Begins to want the lease.
     *
     * @param begins called when this process begins to lead; it does not block
     * @param ends called when it ceases to; it does not block
     */
    public void start(Runnable begins, Runnable ends) {
        begin = begins;
        end = ends;
        Thread.ofPlatform().name("leader").daemon().start(this::run);
    }

    /** Whether this process leads and nobody else can by now. */
    public boolean mayAct() {
        return now().isBefore(mayActUntil);
    }

    /**
     * Gives the lease back, so that others need not wait until it is over.
     *
     * @param patience how long this may take
     * @throws InterruptedException if the caller is to stop
     */
    public void release(Duration patience) throws InterruptedException {
        leaving.countDown();
        mayActUntil = Instant.MIN;
        if (!released.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.warn("The lease was not given back: others wait until it is over");
        }
    }

    private void run() {
        try {
            while (true) {
                perform(isLeaving() ? keeper.release(now()) : keeper.passed(now()));
                if (isLeaving() && !leads) {
                    released.countDown();
                    return;
                }
                pause();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void pause() throws InterruptedException {
        Duration left = keeper.wakeAt().map(at -> Duration.between(now(), at)).orElse(SHORTEST);
        if (isLeaving()) {
            Thread.sleep(SHORTEST);
        } else {
            var _ = leaving.await(Math.max(left.toMillis(), SHORTEST.toMillis()), TimeUnit.MILLISECONDS);
        }
    }

    private boolean isLeaving() {
        return leaving.getCount() == 0;
    }

    private void perform(List<LeaseCommand> commands) {
        for (LeaseCommand command : commands) {
            switch (command) {
                case LeaseCommand.Read read -> read();
                case LeaseCommand.Write write -> write(write);
                case LeaseCommand.Acquired acquired -> {
                    leads = true;
                    mayActUntil = acquired.mayActUntil();
                    LOG.info(
                            "This process leads, as number {}", acquired.state().epoch());
                    begin.run();
                }
                case LeaseCommand.Renewed renewed -> mayActUntil = isLeaving() ? Instant.MIN : renewed.mayActUntil();
                case LeaseCommand.Lost lost -> {
                    leads = false;
                    mayActUntil = Instant.MIN;
                    LOG.info("This process leads no more");
                    end.run();
                }
            }
        }
    }

    private void read() {
        List<LeaseCommand> next;
        try {
            next = keeper.seen(keys.find(KEY).map(it -> new Stored(state(it.text()), it.revision())), now());
        } catch (IOException | RuntimeException e) {
            next = unknown(e);
        }
        perform(next);
    }

    private void write(LeaseCommand.Write write) {
        List<LeaseCommand> next;
        try {
            OptionalLong revision = keys.write(KEY, text(write.state()), write.expected());
            next = revision.isPresent() ? keeper.written(revision.getAsLong(), now()) : keeper.refused(now());
        } catch (IOException | RuntimeException e) {
            next = unknown(e);
        }
        perform(next);
    }

    private List<LeaseCommand> unknown(Exception e) {
        LOG.warn("Nobody knows who leads: {}", e.getMessage());
        return keeper.unknown(now());
    }

    private Instant now() {
        return base.plusNanos(System.nanoTime() - baseNanos);
    }

    private static String text(ShardState state) {
        return state.epoch() + " " + state.owner();
    }

    private static ShardState state(String text) {
        int space = text.indexOf(' ');
        return new ShardState(text.substring(space + 1), Long.parseLong(text.substring(0, space)), Checkpoint.at(""));
    }
}
