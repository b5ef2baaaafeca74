package dev.kappa.sources.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.sources.batch.StreamCommand.Fetch;
import dev.kappa.sources.batch.StreamCommand.Invoke;
import dev.kappa.sources.batch.StreamCommand.SaveCheckpoint;
import dev.kappa.sources.batch.StreamCommand.StoreFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Tells an engine what happens, and what it asked for since. */
final class Shard {
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final List<StreamCommand> commands = new ArrayList<>();
    private final StreamEngine engine;
    private Instant now = START;
    private Invoke running = new Invoke(0, List.of(), Optional.empty());

    Shard(StreamPolicy policy) {
        this(policy, RecordFilter.ALL, Checkpoint.at(""));
    }

    Shard(StreamPolicy policy, RecordFilter filter, Checkpoint from) {
        engine = new StreamEngine(policy, filter, from, Instant.MAX);
        add(engine.passed(now));
    }

    /** One batch at a time, retried for ever. */
    static StreamPolicy policy(int size) {
        return new StreamPolicy(
                BatchLimits.of(size, Duration.ZERO), -1, Optional.empty(), false, true, 1, Optional.empty());
    }

    static StreamPolicy retries(StreamPolicy policy, int retries, boolean bisect) {
        return new StreamPolicy(
                policy.limits(),
                retries,
                policy.maxRecordAge(),
                bisect,
                policy.partialAnswers(),
                policy.parallelization(),
                policy.tumblingWindow());
    }

    static StreamPolicy windows(int size, Duration window) {
        return new StreamPolicy(
                BatchLimits.of(size, Duration.ZERO), 1, Optional.empty(), false, true, 1, Optional.of(window));
    }

    static SourceRecord record(String id) {
        return record(id, "", START);
    }

    static SourceRecord record(String id, String key, Instant arrivedAt) {
        return SourceRecord.of(id, key, arrivedAt, "{\"id\":\"" + id + "\"}", "{\"id\":\"" + id + "\"}");
    }

    static SourceRecord[] records(int from, int to) {
        SourceRecord[] records = new SourceRecord[to - from + 1];
        Arrays.setAll(records, i -> record(Integer.toString(from + i)));
        return records;
    }

    StreamEngine engine() {
        return engine;
    }

    Instant now() {
        return now;
    }

    Shard fetched(SourceRecord... records) {
        return add(engine.fetched(List.of(records), now));
    }

    Shard ended() {
        return add(engine.ended(now));
    }

    /** Ends the run that began last. */
    Shard answer(Answer answer) {
        return answer(running.run(), answer);
    }

    Shard answer(long run, Answer answer) {
        return add(engine.answered(run, answer, now));
    }

    Shard success() {
        return answer(Answer.Success.PLAIN);
    }

    Shard state(String state) {
        return answer(new Answer.Success(Optional.of(state)));
    }

    Shard error() {
        return answer(new Answer.FunctionError("Unhandled"));
    }

    Shard partial(String... failed) {
        return answer(new Answer.Partial(List.of(failed), Optional.empty()));
    }

    Shard stored() {
        return add(engine.failureStored(stores().getLast().run(), now));
    }

    Shard notStored() {
        return add(engine.failureNotStored(stores().getLast().run(), now));
    }

    Shard after(Duration time) {
        now = now.plus(time);
        return add(engine.passed(now));
    }

    Shard stop() {
        return add(engine.stop(now));
    }

    Shard add(List<StreamCommand> more) {
        for (StreamCommand command : more) {
            commands.add(command);
            if (command instanceof Invoke invoke) {
                running = invoke;
            }
        }
        return this;
    }

    Invoke running() {
        return running;
    }

    /** The ids of each run's records, as "1 2 3". */
    List<String> runs() {
        return only(Invoke.class).stream()
                .map(it -> String.join(
                        " ", it.records().stream().map(SourceRecord::id).toList()))
                .toList();
    }

    List<StoreFailure> stores() {
        return only(StoreFailure.class);
    }

    FailedBatch givenUp() {
        return stores().getLast().batch();
    }

    List<String> checkpoints() {
        return only(SaveCheckpoint.class).stream()
                .map(it -> it.checkpoint().position())
                .toList();
    }

    Checkpoint checkpoint() {
        return only(SaveCheckpoint.class).getLast().checkpoint();
    }

    List<Fetch> fetches() {
        return only(Fetch.class);
    }

    boolean isStopped() {
        return commands.stream().anyMatch(StreamCommand.Stopped.class::isInstance);
    }

    void forget() {
        commands.clear();
    }

    private <T> List<T> only(Class<T> kind) {
        return commands.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** For messages. */
    static void same(List<String> runs, String... expected) {
        assertThat(runs).containsExactly(expected);
    }
}
