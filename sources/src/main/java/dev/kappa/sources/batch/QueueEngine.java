package dev.kappa.sources.batch;

import dev.kappa.sources.batch.QueueCommand.Ack;
import dev.kappa.sources.batch.QueueCommand.Extend;
import dev.kappa.sources.batch.QueueCommand.GiveBack;
import dev.kappa.sources.batch.QueueCommand.Invoke;
import dev.kappa.sources.batch.QueueCommand.Receive;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Takes the records of a queue through a function, beside others who do the same: what happened goes in, commands come out. It
 * receives no more than may run at once, since each delivery counts against a record; and it acknowledges only what is done.
 */
public final class QueueEngine {
    private final QueuePolicy policy;
    private final RecordFilter filter;
    private final Rules rules;
    private final Backoff backoff = new Backoff();
    private final Ramp ramp;
    private final List<Held> gathered = new ArrayList<>();
    private final List<List<Held>> throttled = new ArrayList<>();
    private final Map<Long, List<Held>> running = new HashMap<>();
    private Instant gatheringSince = Instant.MIN;
    private int requested;
    private long runs;
    private boolean stopping;
    private boolean over;

    /**
     * For a queue.
     *
     * @param policy what becomes of records
     * @param filter which of them reach the function
     */
    public QueueEngine(QueuePolicy policy, RecordFilter filter) {
        this(policy, filter, new Rules());
    }

    QueueEngine(QueuePolicy policy, RecordFilter filter, Rules rules) {
        this.policy = policy;
        this.filter = filter;
        this.rules = rules;
        this.ramp = new Ramp(policy.initialConcurrency(), policy.maxConcurrency());
    }

    /**
     * Time passed, also at the start.
     *
     * @param now the time
     */
    public List<QueueCommand> passed(Instant now) {
        return drive(new ArrayList<>(), now);
    }

    /**
     * A call to receive ended.
     *
     * @param asked records of the command
     * @param deliveries what it brought; nothing also if it failed
     * @param sentAt when the call was made: the queue counts from then or later
     * @param now the time
     */
    public List<QueueCommand> received(int asked, List<Delivery> deliveries, Instant sentAt, Instant now) {
        requested -= asked;
        List<QueueCommand> commands = new ArrayList<>();
        if (deliveries.isEmpty() && running.isEmpty()) {
            ramp.idle();
        }
        if (stopping) {
            if (!deliveries.isEmpty()) {
                commands.add(new GiveBack(deliveries, false));
            }
            return drive(commands, now);
        }
        List<Delivery> dropped = new ArrayList<>();
        for (Delivery delivery : deliveries) {
            if (filter.matches(delivery.record())) {
                gatheringSince = gathered.isEmpty() ? now : gatheringSince;
                gathered.add(new Held(delivery, sentAt));
            } else {
                dropped.add(delivery);
            }
        }
        if (!dropped.isEmpty()) {
            commands.add(new Ack(dropped));
        }
        return drive(commands, now);
    }

    /**
     * A run ended. Answers of runs that are not out any more change nothing.
     *
     * @param run of the command
     * @param answer how
     * @param now the time
     */
    public List<QueueCommand> answered(long run, Answer answer, Instant now) {
        List<Held> batch = running.remove(run);
        if (batch == null) {
            return List.of();
        }
        List<QueueCommand> commands = new ArrayList<>();
        switch (answer) {
            case Answer.NotRun notRun -> {
                backoff.failed(now);
                throttled.add(batch);
            }
            case Answer.FunctionError failed -> settle(batch, Set.of(), commands);
            case Answer.Success success -> settle(batch, Set.copyOf(batch), commands);
            case Answer.Partial partial -> settle(batch, done(batch, partial.failed()), commands);
        }
        if (!(answer instanceof Answer.NotRun)) {
            backoff.succeeded();
        }
        return drive(commands, now);
    }

    /**
     * Nothing new is received or run; what waits goes back to the queue, and once what runs has ended, {@link QueueCommand.Stopped}
     * follows.
     *
     * @param now the time
     */
    public List<QueueCommand> stop(Instant now) {
        stopping = true;
        return passed(now);
    }

    /**
     * When {@link #passed} is due next, if nothing happens before; empty if never.
     *
     * @param now the time
     */
    public Optional<Instant> wakeAt(Instant now) {
        Stream<Instant> extensions =
                policy.visibility().stream().flatMap(visibility -> held().map(it -> it.extendAt(visibility)));
        Stream<Instant> window = gathered.isEmpty()
                ? Stream.empty()
                : Stream.of(gatheringSince.plus(policy.limits().window()));
        return Stream.of(extensions, window, Stream.of(backoff.until()), ramp.wakeAt().stream())
                .flatMap(times -> times)
                .filter(now::isBefore)
                .min(Instant::compareTo);
    }

    private List<QueueCommand> drive(List<QueueCommand> commands, Instant now) {
        if (over) {
            return commands;
        }
        forgetLost(now);
        extend(commands, now);
        if (stopping) {
            giveBackWhatWaits(commands);
            if (running.isEmpty() && requested == 0) {
                over = true;
                commands.add(new QueueCommand.Stopped());
            }
        } else if (backoff.isOver(now)) {
            ramp.seen(running.size(), now);
            run(commands, now);
            receive(commands);
        }
        return commands;
    }

    /** What waited longer than the queue leaves it alone, because this process stood still, is others' by now. */
    private void forgetLost(Instant now) {
        gathered.removeIf(it -> it.isOver(policy.visibility(), now));
        throttled.removeIf(batch -> batch.stream().anyMatch(it -> it.isOver(policy.visibility(), now)));
    }

    private void extend(List<QueueCommand> commands, Instant now) {
        if (policy.visibility().isEmpty()) {
            return;
        }
        Duration visibility = policy.visibility().get();
        List<Held> due = held().filter(it -> it.isDue(visibility, now)).toList();
        if (!due.isEmpty()) {
            due.forEach(it -> it.extended(now));
            commands.add(new Extend(deliveries(due)));
        }
    }

    private void run(List<QueueCommand> commands, Instant now) {
        while (running.size() < ramp.concurrency()) {
            List<Held> batch = throttled.isEmpty() ? gather(now) : throttled.removeFirst();
            if (batch.isEmpty()) {
                return;
            }
            long run = ++runs;
            running.put(run, batch);
            commands.add(new Invoke(run, records(batch)));
        }
    }

    private List<Held> gather(Instant now) {
        Set<String> busy = policy.fifo() ? busyGroups() : Set.of();
        List<Held> free =
                gathered.stream().filter(it -> !busy.contains(it.group())).toList();
        List<SourceRecord> records = records(free);
        int count = policy.limits().fitting(records, 0);
        if (free.isEmpty() || !policy.limits().isDue(records, count, gatheringSince, now)) {
            return List.of();
        }
        List<Held> batch = List.copyOf(free.subList(0, count));
        gathered.removeAll(batch);
        gatheringSince = now;
        return batch;
    }

    private Set<String> busyGroups() {
        Set<String> groups = new HashSet<>();
        Stream.concat(running.values().stream(), throttled.stream())
                .flatMap(List::stream)
                .map(Held::group)
                .forEach(groups::add);
        return groups;
    }

    private void receive(List<QueueCommand> commands) {
        int size = policy.limits().size();
        long free = (long) (ramp.concurrency() - running.size()) * size - gathered.size() - requested;
        while (free > 0) {
            int records = (int) Math.min(free, size);
            requested += records;
            free -= records;
            commands.add(new Receive(records));
        }
    }

    private Set<Held> done(List<Held> batch, List<String> failed) {
        Set<String> known = new HashSet<>();
        batch.forEach(it -> known.add(it.delivery().record().id()));
        if (!known.containsAll(failed)) {
            return Set.of();
        }
        return rules.done(batch, Set.copyOf(failed), policy.fifo());
    }

    private void settle(List<Held> batch, Set<Held> done, List<QueueCommand> commands) {
        List<Held> acked = batch.stream().filter(done::contains).toList();
        List<Held> back = new ArrayList<>(batch);
        back.removeAll(acked);
        if (!acked.isEmpty()) {
            commands.add(new Ack(deliveries(acked)));
        }
        if (back.isEmpty()) {
            return;
        }
        if (policy.fifo()) {
            Set<String> groups = new HashSet<>();
            back.forEach(it -> groups.add(it.group()));
            for (Iterator<Held> later = gathered.iterator(); later.hasNext(); ) {
                Held held = later.next();
                if (groups.contains(held.group())) {
                    later.remove();
                    back.add(held);
                }
            }
        }
        commands.add(new GiveBack(deliveries(back), true));
    }

    private void giveBackWhatWaits(List<QueueCommand> commands) {
        List<Held> waiting = new ArrayList<>(gathered);
        throttled.forEach(waiting::addAll);
        gathered.clear();
        throttled.clear();
        if (!waiting.isEmpty()) {
            commands.add(new GiveBack(deliveries(waiting), false));
        }
    }

    private Stream<Held> held() {
        return Stream.concat(
                gathered.stream(),
                Stream.concat(running.values().stream(), throttled.stream()).flatMap(List::stream));
    }

    private static List<SourceRecord> records(List<Held> held) {
        return held.stream().map(it -> it.delivery().record()).toList();
    }

    private static List<Delivery> deliveries(List<Held> held) {
        return held.stream().map(Held::delivery).toList();
    }
}
