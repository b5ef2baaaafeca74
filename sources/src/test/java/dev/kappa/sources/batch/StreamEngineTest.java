package dev.kappa.sources.batch;

import static dev.kappa.sources.batch.Shard.policy;
import static dev.kappa.sources.batch.Shard.record;
import static dev.kappa.sources.batch.Shard.records;
import static dev.kappa.sources.batch.Shard.retries;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.sources.batch.FailedBatch.Condition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A rule of Lambda's streams each. */
class StreamEngineTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @Test
    void batchSizeIsExact() {
        Shard shard =
                new Shard(policy(3)).fetched(records(1, 7)).success().success().success();

        assertThat(shard.runs()).containsExactly("1 2 3", "4 5 6", "7");
    }

    @Test
    void oneBatchAShardRunsAtATime() {
        Shard shard = new Shard(policy(1)).fetched(records(1, 2));

        assertThat(shard.runs()).containsExactly("1");
        assertThat(shard.success().runs()).containsExactly("1", "2");
    }

    @Test
    void aWindowWaitsForMoreRecordsAndAFullBatchDoesNot() {
        var limits = BatchLimits.of(3, Duration.ofSeconds(5));
        var windowed = new StreamPolicy(limits, -1, Optional.empty(), false, false, 1, Optional.empty());
        Shard shard = new Shard(windowed).fetched(records(1, 2)).after(Duration.ofSeconds(4));
        assertThat(shard.runs()).isEmpty();
        assertThat(shard.engine().wakeAt(shard.now())).contains(Shard.START.plusSeconds(5));

        assertThat(shard.after(Duration.ofSeconds(1)).runs()).containsExactly("1 2");
        assertThat(shard.success().fetched(records(3, 5)).runs()).containsExactly("1 2", "3 4 5");
    }

    @Test
    void aFailureNeverMovesTheCheckpoint() {
        Shard shard = new Shard(policy(2)).fetched(records(1, 4)).success();
        for (int i = 0; i < 50; i++) {
            shard.error().after(MINUTE);
        }

        assertThat(shard.checkpoints()).containsExactly("2");
        assertThat(shard.runs().subList(1, 52)).allMatch("3 4"::equals);
        assertThat(shard.stores()).isEmpty();
    }

    @Test
    void aFunctionThatIsGoneCostsNoRetryAndSkipsNothing() {
        Shard shard = new Shard(retries(policy(2), 0, false)).fetched(records(1, 2));
        for (int i = 0; i < 50; i++) {
            shard.answer(new Answer.NotRun("ResourceNotFoundException")).after(MINUTE);
        }
        assertThat(shard.stores()).isEmpty();
        assertThat(shard.checkpoints()).isEmpty();

        assertThat(shard.success().checkpoints()).containsExactly("2");
    }

    @Test
    void retriesWaitLongerEachTime() {
        Shard shard = new Shard(policy(1)).fetched(records(1, 1)).error();
        assertThat(shard.after(Duration.ofMillis(999)).runs()).hasSize(1);
        assertThat(shard.after(Duration.ofMillis(1)).runs()).hasSize(2);
        assertThat(shard.error().after(Duration.ofMillis(1999)).runs()).hasSize(2);
        assertThat(shard.after(Duration.ofMillis(1)).runs()).hasSize(3);
    }

    @Test
    void afterItsRetriesABatchIsGivenUpAndItsRecordStoredBeforeTheCheckpoint() {
        Shard shard = new Shard(retries(policy(3), 2, false)).fetched(records(1, 4));
        shard.error().after(MINUTE).error().after(MINUTE).error();

        assertThat(shard.runs()).containsExactly("1 2 3", "1 2 3", "1 2 3");
        assertThat(shard.checkpoints()).isEmpty();
        FailedBatch given = shard.givenUp();
        assertThat(given.condition()).isEqualTo(Condition.RETRY_ATTEMPTS_EXHAUSTED);
        assertThat(List.of(given.start(), given.end())).containsExactly("1", "3");
        assertThat(given.invocations()).isEqualTo(3);
        assertThat(given.functionError()).contains("Unhandled");

        assertThat(shard.stored().checkpoints()).containsExactly("3");
        assertThat(shard.runs().getLast()).isEqualTo("4");
    }

    @Test
    void aRecordOfFailureThatCannotBeStoredIsTriedAgainAndNothingPassesIt() {
        Shard shard =
                new Shard(retries(policy(1), 0, false)).fetched(records(1, 2)).error();
        shard.notStored();
        assertThat(shard.stores()).hasSize(1);

        shard.after(MINUTE);
        assertThat(shard.stores()).hasSize(2);
        assertThat(shard.checkpoints()).isEmpty();
        assertThat(shard.runs()).containsExactly("1");
        assertThat(shard.stored().checkpoints()).containsExactly("1");
    }

    @Test
    void bisectCostsNoRetryAndLeavesThePoisonAlone() {
        Shard shard = new Shard(retries(policy(8), 1, true)).fetched(records(1, 8));
        while (shard.stores().isEmpty()) {
            boolean poison =
                    shard.running().records().stream().anyMatch(it -> it.id().equals("6"));
            shard = (poison ? shard.error() : shard.success()).after(MINUTE);
        }
        assertThat(shard.runs()).containsExactly("1 2 3 4 5 6 7 8", "1 2 3 4", "5 6 7 8", "5 6", "5", "6", "6");
        assertThat(shard.givenUp().start()).isEqualTo("6");
        assertThat(shard.givenUp().end()).isEqualTo("6");

        assertThat(shard.stored().success().checkpoints()).containsExactly("4", "5", "6", "8");
        assertThat(shard.runs().getLast()).isEqualTo("7 8");
    }

    @Test
    void aPartialAnswerCheckpointsAtTheLowestFailedPosition() {
        Shard shard = new Shard(policy(5)).fetched(records(1, 5)).partial("4", "3");

        assertThat(shard.checkpoints()).containsExactly("2");
        assertThat(shard.after(MINUTE).runs()).containsExactly("1 2 3 4 5", "3 4 5");
    }

    @Test
    void aPartialAnswerIsCutWithoutARetryWhereBatchesAreHalved() {
        Shard shard =
                new Shard(retries(policy(4), 0, true)).fetched(records(1, 4)).partial("2");
        assertThat(shard.runs()).containsExactly("1 2 3 4", "2 3 4");

        assertThat(shard.partial("2").runs()).endsWith("2");
        shard.partial("2");
        assertThat(shard.givenUp().end()).isEqualTo("2");
    }

    @Test
    void kafkaRetriesTenTimesWhereThereIsAFailureDestination() {
        assertThat(policy(1).ofKafka(true).retries()).isEqualTo(10);
        assertThat(policy(1).ofKafka(false).retries()).isEqualTo(-1);
        assertThat(retries(policy(1), 3, false).ofKafka(true).retries()).isEqualTo(3);
    }

    @Test
    void eachRecordHasItsOwnRetries() {
        Shard shard = new Shard(retries(policy(3), 1, false)).fetched(records(1, 3));
        shard.partial("2").after(MINUTE).partial("3").after(MINUTE).partial("3");

        assertThat(shard.runs()).containsExactly("1 2 3", "2 3", "3");
        assertThat(shard.givenUp().start()).isEqualTo("3");
    }

    @Test
    void theFailureRecordArrivesWithPartialAnswersToo() {
        Shard shard = new Shard(retries(policy(3), 1, false)).fetched(records(1, 3));
        shard.partial("2").after(MINUTE).partial("2");

        FailedBatch given = shard.givenUp();
        assertThat(List.of(given.start(), given.end())).containsExactly("2", "3");
        assertThat(given.functionError()).isEmpty();
        assertThat(given.answer()).containsInstanceOf(Answer.Partial.class);
        assertThat(shard.checkpoints()).containsExactly("1");
        assertThat(shard.stored().checkpoints()).containsExactly("1", "3");
    }

    @Test
    void anUnknownOrEmptyIdentifierFailsTheWholeBatch() {
        Shard shard = new Shard(policy(3)).fetched(records(1, 3)).partial("2", "9");
        assertThat(shard.checkpoints()).isEmpty();
        shard.after(MINUTE).partial("").after(MINUTE);

        assertThat(shard.checkpoints()).isEmpty();
        assertThat(shard.runs()).containsExactly("1 2 3", "1 2 3", "1 2 3");
    }

    @Test
    void recordsThatAreTooOldGoToTheFailureRecordWithoutAnAnswer() {
        var aged = new StreamPolicy(
                BatchLimits.of(9, Duration.ZERO), -1, Optional.of(MINUTE), false, false, 1, Optional.empty());
        Instant exactly = Shard.START.minus(MINUTE);
        Shard shard = new Shard(aged)
                .fetched(
                        record("1", "", exactly.minusMillis(1)),
                        record("2", "", exactly.minusMillis(1)),
                        record("3", "", exactly),
                        record("4", "", exactly.minusMillis(1)),
                        record("5", "", exactly));
        assertThat(shard.runs()).isEmpty();
        assertThat(shard.givenUp().condition()).isEqualTo(Condition.RECORD_AGE_EXCEEDED);
        assertThat(shard.givenUp().end()).isEqualTo("2");
        assertThat(shard.givenUp().answer()).isEmpty();

        assertThat(shard.stored().runs()).containsExactly("3");
        shard.success();
        assertThat(shard.givenUp().start()).isEqualTo("4");
        assertThat(shard.stored().success().checkpoints()).containsExactly("2", "3", "4", "5");
    }

    @Test
    void aBatchThatFailsUntilItIsTooOldIsGivenUp() {
        var aged = new StreamPolicy(
                BatchLimits.of(9, Duration.ZERO), -1, Optional.of(MINUTE), false, false, 1, Optional.empty());
        Shard shard = new Shard(aged)
                .fetched(records(1, 2))
                .error()
                .after(MINUTE)
                .error()
                .after(MINUTE);

        assertThat(shard.runs()).hasSize(2);
        assertThat(shard.givenUp().condition()).isEqualTo(Condition.RECORD_AGE_EXCEEDED);
        assertThat(shard.givenUp().functionError()).isEmpty();
    }

    @Test
    void onlyMatchingRecordsReachTheFunctionAndTheOthersAreCheckpointed() {
        RecordFilter even = it -> Integer.parseInt(it.id()) % 2 == 0;
        Shard shard = new Shard(policy(2), even, Checkpoint.at("")).fetched(records(1, 3));
        assertThat(shard.checkpoints()).containsExactly("1");
        assertThat(shard.runs()).containsExactly("2");
        shard.error();
        assertThat(shard.checkpoints()).containsExactly("1");

        assertThat(shard.after(MINUTE).success().checkpoints()).containsExactly("1", "3");
        assertThat(shard.fetched(record("5")).checkpoints()).containsExactly("1", "3", "5");
    }

    @Test
    void theHeadBlocksItsKeyOnlyAndTheCheckpointWaitsForIt() {
        var parallel = new StreamPolicy(
                BatchLimits.of(1, Duration.ZERO), -1, Optional.empty(), false, false, 2, Optional.empty());
        Shard shard = new Shard(parallel)
                .fetched(
                        record("1", "a", Shard.START),
                        record("2", "b", Shard.START),
                        record("3", "a", Shard.START),
                        record("4", "b", Shard.START));
        assertThat(shard.runs()).containsExactlyInAnyOrder("1", "2");
        long first = shard.running().records().getFirst().id().equals("1")
                ? shard.running().run()
                : shard.running().run() - 1;
        long second = first == 1 ? 2 : 1;

        shard.answer(second, Answer.Success.PLAIN);
        assertThat(shard.runs()).endsWith("4");
        shard.success();
        assertThat(shard.checkpoints()).isEmpty();
        shard.answer(first, Answer.Success.PLAIN);
        assertThat(shard.checkpoints()).containsExactly("2");
        assertThat(shard.success().checkpoints()).containsExactly("2", "4");
    }

    @Test
    void whoLostTheLeaseDoesNothingMore() {
        Shard shard = new Shard(policy(1)).fetched(records(1, 3));
        shard.engine().leaseLost();
        shard.forget();

        shard.success().after(MINUTE).fetched(records(4, 5)).stop();
        assertThat(shard.runs()).isEmpty();
        assertThat(shard.checkpoints()).isEmpty();
        assertThat(shard.fetches()).isEmpty();
    }

    @Test
    void whoCouldNotRenewTheLeaseSendsNothingMoreUntilItCould() {
        Shard shard = new Shard(policy(1));
        shard.add(shard.engine().mayActUntil(shard.now().plusSeconds(6), shard.now()));
        shard.fetched(records(1, 2)).after(Duration.ofSeconds(6)).success();
        assertThat(shard.runs()).containsExactly("1");
        assertThat(shard.checkpoints()).containsExactly("1");

        shard.add(shard.engine().mayActUntil(shard.now().plusSeconds(6), shard.now()));
        assertThat(shard.runs()).containsExactly("1", "2");
    }

    @Test
    void anAnswerOfARunThatIsOverChangesNothing() {
        Shard shard = new Shard(policy(1)).fetched(records(1, 2));
        long first = shard.running().run();
        shard.error();
        shard.answer(first, Answer.Success.PLAIN);
        assertThat(shard.checkpoints()).isEmpty();

        shard.after(MINUTE).answer(first, Answer.Success.PLAIN);
        assertThat(shard.checkpoints()).isEmpty();
        assertThat(shard.success().checkpoints()).containsExactly("1");
    }

    @Test
    void aStopDrainsCommitsAndEnds() {
        Shard shard = new Shard(policy(2)).fetched(records(1, 4)).stop();
        assertThat(shard.isStopped()).isFalse();
        shard.success();

        assertThat(shard.isStopped()).isTrue();
        assertThat(shard.checkpoints()).containsExactly("2");
        assertThat(shard.runs()).containsExactly("1 2");
    }

    @Test
    void aShardEndsAfterItsLastRecordIsSettled() {
        Shard shard = new Shard(policy(2)).fetched(records(1, 1)).ended();
        assertThat(shard.isStopped()).isFalse();
        shard.error().after(MINUTE);
        assertThat(shard.isStopped()).isFalse();

        shard.success();
        assertThat(shard.checkpoint()).isEqualTo(new Checkpoint("1", Optional.empty(), true));
        assertThat(shard.isStopped()).isTrue();
        assertThat(new Shard(policy(2), RecordFilter.ALL, shard.checkpoint()).isStopped())
                .isTrue();
    }

    @Test
    void fetchesGoOnFromTheLastRecordAndNotTooFarAhead() {
        Shard shard = new Shard(policy(2), RecordFilter.ALL, Checkpoint.at("7"));
        assertThat(shard.fetches()).containsExactly(new StreamCommand.Fetch("7", 4));
        shard.fetched(records(8, 11));
        assertThat(shard.fetches()).hasSize(1);

        shard.success();
        assertThat(shard.fetches()).endsWith(new StreamCommand.Fetch("11", 2));
        shard.add(shard.engine().fetchFailed(shard.now()));
        assertThat(shard.fetches()).hasSize(2);
        assertThat(shard.after(Duration.ofSeconds(1)).fetches()).hasSize(3).endsWith(new StreamCommand.Fetch("11", 2));
    }
}
