package dev.kappa.sources.batch;

import dev.kappa.sources.batch.Lane.Attempt;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What answers mean for the batch of a lane: settled, cut, halved, tried again or given up. */
final class Outcomes {
    private final StreamPolicy policy;
    private final Rules rules;
    private final Windows windows;

    Outcomes(StreamPolicy policy, Rules rules, Windows windows) {
        this.policy = policy;
        this.rules = rules;
        this.windows = windows;
    }

    /** The failure record of the batch in hand is stored. */
    void stored(Lane lane, Attempt attempt) {
        settled(lane, attempt, attempt.batch(), Optional.empty());
    }

    /** Takes the batch in hand as far as an answer tells. */
    void judge(Lane lane, Attempt attempt, Answer answer, Instant now) {
        switch (answer) {
            case Answer.NotRun notRun -> lane.backoff().failed(now);
            case Answer.FunctionError failed -> failed(lane, attempt, failed, now);
            case Answer.Success success ->
                succeeded(lane, attempt, attempt.batch().size(), success.state(), answer, now);
            case Answer.Partial partial when attempt.batch().isEmpty() -> failed(lane, attempt, partial, now);
            case Answer.Partial partial ->
                succeeded(lane, attempt, rules.done(attempt.records(), partial.failed()), partial.state(), answer, now);
        }
    }

    private void succeeded(Lane lane, Attempt attempt, int done, Optional<String> state, Answer answer, Instant now) {
        List<Entry> batch = attempt.batch();
        boolean all = done == batch.size();
        if (windows.misses(state, attempt.isLastOfWindow())) {
            failed(
                    lane,
                    attempt,
                    new Answer.FunctionError("The answer has no state, and the source a tumbling window"),
                    now);
        } else if (all) {
            settled(lane, attempt, batch, state);
        } else if (done == 0) {
            failed(lane, attempt, answer, now);
        } else {
            settled(lane, attempt, batch.subList(0, done), state);
            rest(lane, batch.subList(done, batch.size()), answer, now);
        }
    }

    /** What follows the records that a partial answer settled; where batches are halved, that was the cut. */
    private void rest(Lane lane, List<Entry> batch, Answer answer, Instant now) {
        if (windows.isFull()) {
            lane.again(List.of(batch));
            return;
        }
        Attempt rest = new Attempt(batch, false);
        lane.take(rest);
        if (!policy.bisect() || batch.size() == 1) {
            count(lane, rest, answer, now);
        }
    }

    private void failed(Lane lane, Attempt attempt, Answer answer, Instant now) {
        if (policy.bisect() && attempt.batch().size() > 1) {
            lane.finished();
            lane.again(rules.halves(attempt.batch()));
        } else {
            count(lane, attempt, answer, now);
        }
    }

    private void count(Lane lane, Attempt attempt, Answer answer, Instant now) {
        attempt.failed(answer);
        if (policy.retries() >= 0 && attempt.failures() > policy.retries()) {
            attempt.giveUp(FailedBatch.Condition.RETRY_ATTEMPTS_EXHAUSTED);
            lane.backoff().succeeded();
        } else {
            lane.backoff().failed(now);
        }
    }

    private void settled(Lane lane, Attempt attempt, List<Entry> entries, Optional<String> state) {
        entries.forEach(Entry::settle);
        lane.backoff().succeeded();
        lane.finished();
        if (attempt.isLastOfWindow()) {
            windows.close();
        } else {
            windows.succeeded(state);
        }
    }
}
