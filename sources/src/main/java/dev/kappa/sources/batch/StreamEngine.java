package dev.kappa.sources.batch;

import dev.kappa.sources.batch.Lane.Attempt;
import dev.kappa.sources.batch.StreamCommand.Invoke;
import dev.kappa.sources.batch.StreamCommand.StoreFailure;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Takes the records of one shard or partition through a function, in order per key: what happened goes in, commands come
 * out. A record is settled once a run of it succeeded, a filter dropped it, or its failure record is stored; the checkpoint never
 * passes one that is not. How often a batch failed is not in the checkpoint: a new owner starts to count again.
 */
public final class StreamEngine {
    private final StreamPolicy policy;
    private final RecordFilter filter;
    private final Rules rules;
    private final Progress progress;
    private final Windows windows;
    private final Outcomes outcomes;
    private final List<Lane> lanes;
    private final Fetching fetching;
    private Instant mayActUntil;
    private boolean stopping;
    private boolean over;
    private long runs;

    /**
     * For a shard that nobody else works on.
     *
     * @param policy what becomes of records
     * @param filter which of them reach the function
     * @param from where to go on
     * @param mayActUntil as in {@link #mayActUntil}; {@link Instant#MAX} where a broker sees to that
     */
    public StreamEngine(StreamPolicy policy, RecordFilter filter, Checkpoint from, Instant mayActUntil) {
        this(policy, filter, from, mayActUntil, new Rules());
    }

    StreamEngine(StreamPolicy policy, RecordFilter filter, Checkpoint from, Instant mayActUntil, Rules rules) {
        this.policy = policy;
        this.filter = filter;
        this.rules = rules;
        this.mayActUntil = mayActUntil;
        this.progress = new Progress(from);
        this.windows = new Windows(policy.tumblingWindow(), from.window());
        this.outcomes = new Outcomes(policy, rules, windows);
        this.fetching = new Fetching(from);
        this.lanes = Stream.generate(Lane::new).limit(policy.parallelization()).toList();
    }

    /**
     * Time passed, also at the start.
     *
     * @param now the time
     */
    public List<StreamCommand> passed(Instant now) {
        return over ? List.of() : drive(now);
    }

    /**
     * A fetch brought records.
     *
     * @param records in order; empty at the tip of the shard
     * @param now the time
     */
    public List<StreamCommand> fetched(List<SourceRecord> records, Instant now) {
        if (over) {
            return List.of();
        }
        fetching.fetched(records, now);
        for (SourceRecord record : records) {
            Entry entry = progress.add(record);
            if (filter.matches(record)) {
                lanes.get(rules.lane(record, lanes.size())).add(entry, now);
            } else {
                entry.settle();
            }
        }
        return drive(now);
    }

    /**
     * A fetch failed; the next one comes after a pause.
     *
     * @param now the time
     */
    public List<StreamCommand> fetchFailed(Instant now) {
        fetching.failed(now);
        return passed(now);
    }

    /**
     * The shard has no more records.
     *
     * @param now the time
     */
    public List<StreamCommand> ended(Instant now) {
        fetching.end();
        return passed(now);
    }

    /**
     * A run ended. Answers of runs that are not out any more change nothing.
     *
     * @param run of the command
     * @param answer how
     * @param now the time
     */
    public List<StreamCommand> answered(long run, Answer answer, Instant now) {
        for (Lane lane : lanes) {
            Attempt attempt = lane.attempt();
            if (!over && attempt != null && attempt.is(run) && attempt.givenUp().isEmpty()) {
                attempt.returned();
                outcomes.judge(lane, attempt, answer, now);
                return drive(now);
            }
        }
        return List.of();
    }

    /**
     * A failure record is stored.
     *
     * @param run of the command
     * @param now the time
     */
    public List<StreamCommand> failureStored(long run, Instant now) {
        return afterStore(run, true, now);
    }

    /**
     * A failure record could not be stored, and is tried again.
     *
     * @param run of the command
     * @param now the time
     */
    public List<StreamCommand> failureNotStored(long run, Instant now) {
        return afterStore(run, false, now);
    }

    /**
     * The lease was renewed.
     *
     * @param until nothing is run or stored from then on, unless it is renewed again
     * @param now the time
     */
    public List<StreamCommand> mayActUntil(Instant until, Instant now) {
        mayActUntil = until;
        return passed(now);
    }

    /** Somebody else has the shard: no command follows any more. */
    public void leaseLost() {
        over = true;
    }

    /**
     * Nothing new is run; once what runs has ended, the last checkpoint and {@link StreamCommand.Stopped} follow.
     *
     * @param now the time
     */
    public List<StreamCommand> stop(Instant now) {
        stopping = true;
        return passed(now);
    }

    /**
     * When {@link #passed} is due next, if nothing happens before; empty if never.
     *
     * @param now the time
     */
    public Optional<Instant> wakeAt(Instant now) {
        Stream<Instant> own = Stream.concat(fetching.wakeAt().stream(), windows.open().map(WindowState::end).stream());
        return Stream.concat(own, lanes.stream().flatMap(lane -> lane.wakeAt(policy.limits()).stream()))
                .filter(now::isBefore)
                .min(Instant::compareTo);
    }

    private List<StreamCommand> afterStore(long run, boolean stored, Instant now) {
        for (Lane lane : lanes) {
            Attempt attempt = lane.attempt();
            if (!over && attempt != null && attempt.is(run) && attempt.givenUp().isPresent()) {
                attempt.returned();
                if (stored) {
                    outcomes.stored(lane, attempt);
                } else {
                    lane.backoff().failed(now);
                }
                return drive(now);
            }
        }
        return List.of();
    }

    private List<StreamCommand> drive(Instant now) {
        List<StreamCommand> commands = new ArrayList<>();
        if (now.isBefore(mayActUntil)) {
            lanes.forEach(lane -> act(lane, commands, now));
        }
        boolean ended = fetching.isEnded()
                && lanes.stream().allMatch(Lane::isIdle)
                && windows.open().isEmpty();
        if (!windows.isFull()) {
            progress.save(windows.saved(), ended).ifPresent(commands::add);
        }
        boolean idle = lanes.stream()
                .noneMatch(lane -> lane.attempt() != null && lane.attempt().isOut());
        if (ended || (stopping && idle)) {
            over = true;
            commands.add(new StreamCommand.Stopped());
        } else if (!stopping) {
            fetching.next(policy, progress, now).ifPresent(commands::add);
        }
        return commands;
    }

    private void act(Lane lane, List<StreamCommand> commands, Instant now) {
        if (stopping) {
            return;
        }
        if (lane.attempt() == null) {
            form(lane, now);
        }
        Attempt attempt = lane.attempt();
        if (attempt == null || attempt.isOut() || !lane.backoff().isOver(now)) {
            return;
        }
        if (attempt.givenUp().isEmpty()) {
            attempt = splitByAge(lane, attempt, now);
        }
        long run = ++runs;
        attempt.sent(run);
        Optional<FailedBatch> givenUp = attempt.givenUp();
        if (givenUp.isPresent()) {
            commands.add(new StoreFailure(run, givenUp.get()));
        } else {
            commands.add(new Invoke(run, attempt.records(), windows.run(attempt.isLastOfWindow())));
        }
    }

    private void form(Lane lane, Instant now) {
        List<Entry> batch = windows.isFull() ? List.of() : lane.next(policy.limits(), windows, fetching.isEnded(), now);
        if (!batch.isEmpty()) {
            windows.enter(batch);
            lane.take(new Attempt(batch, false));
        } else if (windows.isOver(lane.pending(), fetching.isPast(windows.open()))) {
            lane.take(new Attempt(List.of(), true));
        }
    }

    /** Takes the first records that are too old, or those before them, out of the batch; the rest follows. */
    private Attempt splitByAge(Lane lane, Attempt attempt, Instant now) {
        List<Entry> batch = attempt.batch();
        if (policy.maxRecordAge().isEmpty() || batch.isEmpty()) {
            return attempt;
        }
        Instant oldest = now.minus(policy.maxRecordAge().get());
        boolean old = isOld(batch.getFirst(), oldest);
        int count = 1;
        while (count < batch.size() && isOld(batch.get(count), oldest) == old) {
            count++;
        }
        if (count == batch.size() && !old) {
            return attempt;
        }
        Attempt first = new Attempt(batch.subList(0, count), false);
        lane.again(Arrays.asList(batch.subList(count, batch.size())));
        lane.take(first);
        if (old) {
            first.giveUp(FailedBatch.Condition.RECORD_AGE_EXCEEDED);
        }
        return first;
    }

    private static boolean isOld(Entry entry, Instant oldest) {
        return entry.record().arrivedAt().isBefore(oldest);
    }
}
