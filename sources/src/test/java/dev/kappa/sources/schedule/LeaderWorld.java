package dev.kappa.sources.schedule;

import dev.kappa.sources.batch.Checkpoint;
import dev.kappa.sources.batch.Turmoil;
import dev.kappa.sources.lease.LeaseCommand;
import dev.kappa.sources.lease.LeaseKeeper;
import dev.kappa.sources.lease.LeaseTimes;
import dev.kappa.sources.lease.ShardState;
import dev.kappa.sources.lease.Stored;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A schedule with a tick each minute, two processes that want to lead it, a key for lease and last tick, and who accepts events. */
final class LeaderWorld extends Turmoil {
    private static final int TICKS = 20;
    private static final Duration TURMOIL = Duration.ofMinutes(TICKS + 1);

    private final Wiring wiring;
    private final Map<Instant, Integer> events = new HashMap<>();
    private final Set<String> ids = new HashSet<>();
    private final Set<Instant> missed = new HashSet<>();
    private final Schedule schedule = new Schedule(
            "uid",
            Expressions.parse("* * * * *"),
            ZoneOffset.UTC,
            START,
            Optional.of(START.plus(Duration.ofMinutes(TICKS))),
            Duration.ZERO,
            Optional.empty());
    private @Nullable Stored key;
    private long revisions;
    private int names;

    /** The real thing, but for what a mutant changes. */
    interface Wiring {
        default boolean settlesBeforeItSends() {
            return false;
        }

        default String requestId(String id) {
            return id;
        }
    }

    LeaderWorld(long seed, Wiring wiring) {
        super(seed, true, TURMOIL);
        this.wiring = wiring;
    }

    Verdict run() {
        new Leader().start();
        new Leader().start();
        Verdict verdict = run(() -> key != null
                && schedule.next(Instant.parse(key.state().checkpoint().position()))
                        .isEmpty());
        for (Instant tick = START.plusSeconds(60);
                !tick.isAfter(START.plusSeconds(60 * TICKS));
                tick = tick.plusSeconds(60)) {
            int count = events.getOrDefault(tick, 0);
            if (count > 1) {
                violated("a tick has two events");
            }
            if (count == 0 && !missed.contains(tick)) {
                violated("a tick has no event, and nobody counted it as missed");
            }
        }
        return verdict;
    }

    int missed() {
        return missed.size();
    }

    private void accept(Instant tick, String id) {
        if (ids.add(id)) {
            events.merge(tick, 1, Integer::sum);
        }
    }

    private long write(ShardState state, long expected) {
        if ((key == null ? 0 : key.revision()) != expected) {
            return 0;
        }
        key = new Stored(state, ++revisions);
        return revisions;
    }

    private final class Leader extends ModelProcess {
        private final LeaseKeeper keeper =
                new LeaseKeeper("leader-" + names++, Checkpoint.at(START.toString()), LeaseTimes.DEFAULT);
        private @Nullable Instant settled;
        private Instant mayActUntil = START;
        private boolean sending;

        @Override
        protected void tick() {
            lease(keeper.passed(now()));
            Instant last = settled;
            if (last != null
                    && !sending
                    && now().isBefore(mayActUntil)
                    && schedule.due(last, now()) instanceof Due.Run run) {
                send(last, run);
            }
        }

        @Override
        protected void replacement() {
            new Leader().start();
        }

        private void send(Instant last, Due.Run run) {
            sending = true;
            if (run.missed() > 0) {
                for (Instant tick = last.plusSeconds(60); tick.isBefore(run.tick()); tick = tick.plusSeconds(60)) {
                    missed.add(tick);
                }
            }
            if (wiring.settlesBeforeItSends()) {
                lease(keeper.save(Checkpoint.at(run.tick().toString()), now()));
            }
            String id = wiring.requestId(run.requestId());
            call(
                    () -> {
                        accept(run.tick(), id);
                        return () -> settle(run.tick());
                    },
                    () -> sending = false,
                    1000,
                    false);
        }

        private void settle(Instant tick) {
            sending = false;
            if (settled != null) {
                settled = tick;
                lease(keeper.save(Checkpoint.at(tick.toString()), now()));
            }
        }

        private void lease(List<LeaseCommand> commands) {
            for (LeaseCommand command : commands) {
                switch (command) {
                    case LeaseCommand.Read read ->
                        call(
                                () -> {
                                    Optional<Stored> found = Optional.ofNullable(key);
                                    return () -> lease(keeper.seen(found, now()));
                                },
                                () -> lease(keeper.unknown(now())),
                                50,
                                false);
                    case LeaseCommand.Write write ->
                        call(
                                () -> {
                                    long at = write(write.state(), write.expected());
                                    return () -> lease(at > 0 ? keeper.written(at, now()) : keeper.refused(now()));
                                },
                                () -> lease(keeper.unknown(now())),
                                50,
                                false);
                    case LeaseCommand.Acquired acquired -> {
                        settled = Instant.parse(acquired.state().checkpoint().position());
                        mayActUntil = acquired.mayActUntil();
                    }
                    case LeaseCommand.Renewed renewed -> mayActUntil = renewed.mayActUntil();
                    case LeaseCommand.Lost lost -> settled = null;
                }
            }
        }
    }
}
