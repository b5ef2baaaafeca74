package dev.kappa.sources.batch;

import dev.kappa.sources.batch.StreamCommand.Fetch;
import dev.kappa.sources.batch.StreamCommand.Invoke;
import dev.kappa.sources.batch.StreamCommand.SaveCheckpoint;
import dev.kappa.sources.batch.StreamCommand.StoreFailure;
import dev.kappa.sources.lease.LeaseCommand;
import dev.kappa.sources.lease.LeaseKeeper;
import dev.kappa.sources.lease.LeaseTimes;
import dev.kappa.sources.lease.ShardState;
import dev.kappa.sources.lease.Stored;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One shard, three processes that want it, a key for its lease and checkpoint, a function, and a store of failure records. */
final class ShardWorld extends Turmoil {
    private static final int RECORDS = 40;
    private static final Duration TTL = Duration.ofSeconds(10);
    private static final Duration WINDOW = Duration.ofSeconds(8);

    private final Wiring wiring;
    private final StreamPolicy policy;
    private final ModelFunction function;
    private final List<SourceRecord> log = new ArrayList<>();
    private final Set<String> stored = new HashSet<>();
    private final Set<String> poison = new HashSet<>();
    private final Set<String> reported = new HashSet<>();
    private @Nullable Stored key;
    private Instant keyAt = START;
    private long revisions;
    private int names;

    /** The real thing, but for what a mutant changes. */
    interface Wiring {
        default Rules rules() {
            return new Rules();
        }

        default boolean comparesRevisions() {
            return true;
        }

        default boolean keyExpires() {
            return false;
        }

        default boolean savesBeforeTheRun() {
            return false;
        }

        default boolean storesBeforeItSettles() {
            return true;
        }

        default Answer told(Answer answer) {
            return answer;
        }

        default Checkpoint saved(Checkpoint checkpoint) {
            return checkpoint;
        }

        default Instant mayActUntil(Instant until) {
            return until;
        }
    }

    ShardWorld(long seed, boolean breaks, Wiring wiring) {
        super(seed, breaks, Duration.ofSeconds(90));
        this.wiring = wiring;
        int retries = random().nextInt(3) - 1;
        boolean partial = random().nextBoolean();
        boolean windows = random().nextInt(3) == 0;
        policy = new StreamPolicy(
                BatchLimits.of(1 + random().nextInt(5), Duration.ofMillis(random().nextInt(2) * 800L)),
                retries,
                random().nextInt(4) == 0 ? Optional.of(Duration.ofSeconds(60)) : Optional.empty(),
                random().nextBoolean(),
                partial,
                windows ? 1 : 1 + random().nextInt(3),
                windows ? Optional.of(WINDOW) : Optional.empty());
        for (int i = 1; i <= RECORDS && (retries >= 0 || policy.maxRecordAge().isPresent()); i++) {
            if (random().nextInt(12) == 0) {
                poison.add(Integer.toString(i));
            }
        }
        function = new ModelFunction(this, partial, ModelFunction.Order.ALL, poison);
    }

    Verdict run() {
        for (int i = 0; i < 3; i++) {
            later(0, 2000, () -> new Poller().start());
        }
        later(1000, 1000, this::produce);
        return run(() -> log.size() == RECORDS && position() == RECORDS && state().isEmpty());
    }

    /** LATEST is fixed before the source is ready: nothing is produced before the key is there. */
    private void produce() {
        if (key != null || !log.isEmpty()) {
            String id = Integer.toString(log.size() + 1);
            log.add(Shard.record(id, "key" + random().nextInt(4), now()));
        }
        if (log.size() < RECORDS) {
            later(100, 3000, this::produce);
        }
    }

    private Optional<WindowState> state() {
        return key == null ? Optional.empty() : key.state().checkpoint().window();
    }

    private int position() {
        return key == null ? 0 : index(key.state().checkpoint().position());
    }

    private static int index(String position) {
        return position.isEmpty() ? 0 : Integer.parseInt(position);
    }

    private static boolean passes(SourceRecord record) {
        return !record.id().endsWith("7");
    }

    private boolean isSettled(SourceRecord record) {
        return !passes(record) || isDone(record.id()) || stored.contains(record.id());
    }

    private Optional<Stored> read() {
        if (wiring.keyExpires() && now().isAfter(keyAt.plus(TTL))) {
            key = null;
        }
        return Optional.ofNullable(key);
    }

    private long write(ShardState state, long expected) {
        long there = read().map(Stored::revision).orElse(0L);
        if (wiring.comparesRevisions() && there != expected) {
            return 0;
        }
        int next = index(state.checkpoint().position());
        if (key != null && next < position()) {
            violated("the checkpoint went back");
        }
        if (log.subList(0, next).stream().anyMatch(it -> !isSettled(it))) {
            violated("the checkpoint passed a record that is not settled");
        }
        checkState(log.subList(0, next), state.checkpoint().window());
        key = new Stored(state, ++revisions);
        keyAt = now();
        return revisions;
    }

    /** What a window's runs did is in its state, or in the report of its last run. */
    private void checkState(List<SourceRecord> settled, Optional<WindowState> window) {
        if (policy.tumblingWindow().isEmpty()) {
            return;
        }
        Set<String> known = new HashSet<>(reported);
        window.ifPresent(it -> known.addAll(List.of(it.state().split(" "))));
        if (settled.stream().anyMatch(it -> isDone(it.id()) && !stored.contains(it.id()) && !known.contains(it.id()))) {
            violated("a record is in no state of a window");
        }
    }

    private Answer invoke(Invoke invoke) {
        List<SourceRecord> records = invoke.records();
        Set<String> batch = new HashSet<>();
        for (SourceRecord record : records) {
            boolean early = log.subList(0, index(record.id()) - 1).stream()
                    .anyMatch(it -> it.key().equals(record.key()) && !isSettled(it) && !batch.contains(it.id()));
            if (early) {
                violated("a record ran before an earlier one of its key was settled");
            }
            batch.add(record.id());
        }
        if (breaks(30)) {
            return new Answer.NotRun("throttled");
        }
        if (invoke.window().isEmpty()) {
            return function.run(records);
        }
        WindowState window = invoke.window().get().state();
        if (invoke.window().get().last()) {
            reported.addAll(List.of(window.state().split(" ")));
        }
        return function.run(records, window);
    }

    private final class Poller extends ModelProcess {
        private final String name = "poller-" + names++;
        private final LeaseKeeper keeper;
        private @Nullable StreamEngine engine;
        private boolean released;

        Poller() {
            String tip = log.isEmpty() ? "" : log.getLast().id();
            keeper = new LeaseKeeper(name, Checkpoint.at(tip), LeaseTimes.DEFAULT);
        }

        @Override
        protected void tick() {
            lease(keeper.passed(now()));
            if (engine != null) {
                stream(engine, stops(policy.parallelization() > 1) ? engine.stop(now()) : engine.passed(now()));
            }
        }

        @Override
        protected void replacement() {
            new Poller().start();
        }

        private void lease(List<LeaseCommand> commands) {
            for (LeaseCommand command : commands) {
                switch (command) {
                    case LeaseCommand.Read read ->
                        call(
                                () -> {
                                    Optional<Stored> found = read();
                                    return () -> lease(keeper.seen(found, now()));
                                },
                                () -> lease(keeper.unknown(now())),
                                50,
                                false);
                    case LeaseCommand.Write write ->
                        call(
                                () -> {
                                    long revision = write(write.state(), write.expected());
                                    return () -> lease(
                                            revision > 0 ? keeper.written(revision, now()) : keeper.refused(now()));
                                },
                                () -> lease(keeper.unknown(now())),
                                50,
                                false);
                    case LeaseCommand.Acquired acquired -> {
                        engine = new StreamEngine(
                                policy,
                                ShardWorld::passes,
                                acquired.state().checkpoint(),
                                wiring.mayActUntil(acquired.mayActUntil()),
                                wiring.rules());
                        stream(engine, engine.passed(now()));
                    }
                    case LeaseCommand.Renewed renewed -> {
                        if (engine != null) {
                            stream(engine, engine.mayActUntil(wiring.mayActUntil(renewed.mayActUntil()), now()));
                        }
                    }
                    case LeaseCommand.Lost lost -> {
                        if (engine != null) {
                            engine.leaseLost();
                        }
                        engine = null;
                        if (released) {
                            die();
                        }
                    }
                }
            }
        }

        private void stream(StreamEngine of, List<StreamCommand> commands) {
            for (StreamCommand command : commands) {
                switch (command) {
                    case Fetch fetch ->
                        call(
                                () -> {
                                    int from = index(fetch.after());
                                    var found = List.copyOf(
                                            log.subList(from, Math.min(log.size(), from + fetch.records())));
                                    return () -> stream(of, of.fetched(found, now()));
                                },
                                () -> stream(of, of.fetchFailed(now())),
                                400,
                                false);
                    case Invoke invoke -> run(of, invoke);
                    case StoreFailure store -> store(of, store);
                    case SaveCheckpoint save -> lease(keeper.save(wiring.saved(save.checkpoint()), now()));
                    case StreamCommand.Stopped stopped -> {
                        released = true;
                        lease(keeper.release(now()));
                    }
                }
            }
        }

        private void run(StreamEngine of, Invoke invoke) {
            if (key == null || !key.state().owner().equals(name)) {
                violated("who does not own the shard ran a batch");
            }
            if (wiring.savesBeforeTheRun()) {
                invoke.records().stream()
                        .reduce((first, last) -> last)
                        .ifPresent(it -> lease(keeper.save(Checkpoint.at(it.id()), now())));
            }
            call(
                    () -> {
                        Answer answer = wiring.told(invoke(invoke));
                        return () -> stream(of, of.answered(invoke.run(), answer, now()));
                    },
                    () -> stream(of, of.answered(invoke.run(), new Answer.NotRun("no answer"), now())),
                    1500,
                    true);
        }

        private void store(StreamEngine of, StoreFailure store) {
            Runnable settles = () -> stream(of, of.failureStored(store.run(), now()));
            call(
                    () -> {
                        if (breaks(5)) {
                            return () -> stream(of, of.failureNotStored(store.run(), now()));
                        }
                        store.batch().records().forEach(it -> stored.add(it.id()));
                        return settles;
                    },
                    () -> stream(of, of.failureNotStored(store.run(), now())),
                    100,
                    true);
            if (!wiring.storesBeforeItSettles()) {
                settles.run();
            }
        }
    }
}
