package dev.kappa.sources.batch;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Records whose order is kept: one batch of them at a time. */
final class Lane {
    private final Backoff backoff = new Backoff();
    private final Deque<List<Entry>> again = new ArrayDeque<>();
    private final List<Entry> pending = new ArrayList<>();
    private Instant gatheringSince = Instant.MIN;
    private @Nullable Attempt attempt;

    /** A batch in hand: it waits for its time, runs, or its failure record is being stored. */
    static final class Attempt {
        private final List<Entry> batch;
        private final boolean lastOfWindow;
        private long run;
        private int invocations;
        private Optional<Answer> answer = Optional.empty();
        private Optional<FailedBatch> givenUp = Optional.empty();

        Attempt(List<Entry> batch, boolean lastOfWindow) {
            this.batch = List.copyOf(batch);
            this.lastOfWindow = lastOfWindow;
        }

        List<Entry> batch() {
            return batch;
        }

        List<SourceRecord> records() {
            return batch.stream().map(Entry::record).toList();
        }

        boolean isLastOfWindow() {
            return lastOfWindow;
        }

        boolean isOut() {
            return run != 0;
        }

        boolean is(long other) {
            return run == other && run != 0;
        }

        void sent(long number) {
            run = number;
        }

        void returned() {
            run = 0;
        }

        void failed(Answer how) {
            invocations++;
            if (!batch.isEmpty()) {
                batch.getFirst().fail();
            }
            answer = Optional.of(how);
        }

        /** How often it failed with the record at its head. */
        int failures() {
            return batch.isEmpty() ? invocations : batch.getFirst().failures();
        }

        void giveUp(FailedBatch.Condition condition) {
            givenUp = Optional.of(new FailedBatch(
                    condition,
                    records(),
                    failures(),
                    condition == FailedBatch.Condition.RECORD_AGE_EXCEEDED ? Optional.empty() : answer));
        }

        Optional<FailedBatch> givenUp() {
            return givenUp;
        }
    }

    void add(Entry entry, Instant now) {
        if (pending.isEmpty()) {
            gatheringSince = now;
        }
        pending.add(entry);
    }

    /** The batch in hand. */
    @Nullable
    Attempt attempt() {
        return attempt;
    }

    void take(Attempt next) {
        attempt = next;
    }

    void finished() {
        attempt = null;
    }

    Backoff backoff() {
        return backoff;
    }

    List<Entry> pending() {
        return pending;
    }

    boolean isIdle() {
        return attempt == null && again.isEmpty() && pending.isEmpty();
    }

    /** Batches that go before all others, in this order. */
    void again(List<List<Entry>> batches) {
        for (List<Entry> batch : batches.reversed()) {
            if (!batch.isEmpty()) {
                again.addFirst(List.copyOf(batch));
            }
        }
    }

    /** The next batch, once it is due; empty before. */
    List<Entry> next(BatchLimits limits, Windows windows, boolean noneFollow, Instant now) {
        if (!again.isEmpty()) {
            return again.removeFirst();
        }
        int most = windows.usable(pending);
        List<Entry> usable = pending.subList(0, most);
        if (usable.isEmpty()) {
            return List.of();
        }
        List<SourceRecord> records =
                usable.stream().limit(limits.size() + 1L).map(Entry::record).toList();
        int count = limits.fitting(records, windows.stateBytes());
        boolean complete = noneFollow || most < pending.size();
        if (!complete && !limits.isDue(records, count, gatheringSince, now)) {
            return List.of();
        }
        List<Entry> batch = List.copyOf(usable.subList(0, count));
        usable.subList(0, count).clear();
        gatheringSince = now;
        return batch;
    }

    /** When something may become due. */
    Optional<Instant> wakeAt(BatchLimits limits) {
        if (attempt != null) {
            return attempt.isOut() ? Optional.empty() : Optional.of(backoff.until());
        }
        return pending.isEmpty() ? Optional.empty() : Optional.of(gatheringSince.plus(limits.window()));
    }
}
