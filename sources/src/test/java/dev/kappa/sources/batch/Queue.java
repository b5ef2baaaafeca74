package dev.kappa.sources.batch;

import dev.kappa.sources.batch.QueueCommand.Ack;
import dev.kappa.sources.batch.QueueCommand.Extend;
import dev.kappa.sources.batch.QueueCommand.GiveBack;
import dev.kappa.sources.batch.QueueCommand.Invoke;
import dev.kappa.sources.batch.QueueCommand.Receive;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tells an engine what happens, and what it asked for since. */
final class Queue {
    static final Duration VISIBILITY = Duration.ofSeconds(30);

    private final List<QueueCommand> commands = new ArrayList<>();
    private final QueueEngine engine;
    private Instant now = Shard.START;
    private long deliveries;

    Queue(QueuePolicy policy, RecordFilter filter) {
        engine = new QueueEngine(policy, filter);
        add(engine.passed(now));
    }

    static Queue standard(int size, int concurrency) {
        return new Queue(
                new QueuePolicy(
                        BatchLimits.of(size, Duration.ZERO),
                        concurrency,
                        concurrency,
                        false,
                        true,
                        Optional.of(VISIBILITY)),
                RecordFilter.ALL);
    }

    static Queue sqs(int size, int concurrency) {
        return new Queue(QueuePolicy.sqs(size, Duration.ZERO, concurrency, false, true, VISIBILITY), RecordFilter.ALL);
    }

    static Queue fifo(int size, int concurrency) {
        return new Queue(
                new QueuePolicy(
                        BatchLimits.of(size, Duration.ZERO),
                        concurrency,
                        concurrency,
                        true,
                        true,
                        Optional.of(VISIBILITY)),
                RecordFilter.ALL);
    }

    /** Messages as "id" or "id@group". */
    Queue received(int asked, String... messages) {
        List<Delivery> brought = new ArrayList<>();
        for (String message : messages) {
            int at = message.indexOf('@');
            String id = at < 0 ? message : message.substring(0, at);
            brought.add(
                    new Delivery(++deliveries, Shard.record(id, at < 0 ? "" : message.substring(at + 1), Shard.START)));
        }
        return add(engine.received(asked, brought, now, now));
    }

    Queue answer(long run, Answer answer) {
        return add(engine.answered(run, answer, now));
    }

    Queue success(long run) {
        return answer(run, Answer.Success.PLAIN);
    }

    Queue partial(long run, String... failed) {
        return answer(run, new Answer.Partial(List.of(failed), Optional.empty()));
    }

    Queue after(Duration time) {
        now = now.plus(time);
        return add(engine.passed(now));
    }

    Queue stop() {
        return add(engine.stop(now));
    }

    List<String> runs() {
        return only(Invoke.class).stream()
                .map(it -> String.join(
                        " ", it.records().stream().map(SourceRecord::id).toList()))
                .toList();
    }

    List<String> acks() {
        return only(Ack.class).stream()
                .flatMap(it -> it.deliveries().stream())
                .map(it -> it.record().id())
                .toList();
    }

    List<GiveBack> backs() {
        return only(GiveBack.class);
    }

    List<String> back() {
        return backs().stream()
                .flatMap(it -> it.deliveries().stream())
                .map(it -> it.record().id())
                .toList();
    }

    List<Extend> extensions() {
        return only(Extend.class);
    }

    int asked() {
        return only(Receive.class).stream().mapToInt(Receive::records).sum();
    }

    List<Integer> receives() {
        return only(Receive.class).stream().map(Receive::records).toList();
    }

    boolean isStopped() {
        return commands.stream().anyMatch(QueueCommand.Stopped.class::isInstance);
    }

    private Queue add(List<QueueCommand> more) {
        commands.addAll(more);
        return this;
    }

    private <T> List<T> only(Class<T> kind) {
        return commands.stream().filter(kind::isInstance).map(kind::cast).toList();
    }
}
