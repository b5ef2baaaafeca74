package dev.kappa.sources.batch;

import static dev.kappa.sources.batch.Queue.VISIBILITY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A rule of Lambda's queues each. */
class QueueEngineTest {
    @Test
    void whatIsDoneIsAcknowledgedAndNothingBefore() {
        Queue queue = Queue.standard(2, 1).received(2, "a", "b");
        assertThat(queue.acks()).isEmpty();

        assertThat(queue.success(1).acks()).containsExactly("a", "b");
        assertThat(queue.backs()).isEmpty();
    }

    @Test
    void aFailedBatchGoesBackAndComesAgainAfterTheQueuesDelay() {
        Queue queue = Queue.standard(2, 1).received(2, "a", "b").answer(1, new Answer.FunctionError("Unhandled"));

        assertThat(queue.acks()).isEmpty();
        assertThat(queue.back()).containsExactly("a", "b");
        assertThat(queue.backs().getFirst().failed()).isTrue();
    }

    @Test
    void batchSizeIsExact() {
        Queue queue = Queue.standard(2, 2).received(2, "a", "b").received(2, "c", "d");

        assertThat(queue.runs()).containsExactly("a b", "c d");
    }

    @Test
    void partialFailuresStayInTheQueueAndOnlyThose() {
        Queue queue = Queue.standard(3, 1).received(3, "a", "b", "c").partial(1, "b");

        assertThat(queue.acks()).containsExactly("a", "c");
        assertThat(queue.back()).containsExactly("b");
    }

    @Test
    void anUnknownOrEmptyIdentifierFailsTheWholeBatch() {
        Queue unknown = Queue.standard(2, 1).received(2, "a", "b").partial(1, "a", "z");
        Queue empty = Queue.standard(2, 1).received(2, "a", "b").partial(1, "");

        for (Queue queue : List.of(unknown, empty)) {
            assertThat(queue.acks()).isEmpty();
            assertThat(queue.back()).containsExactly("a", "b");
        }
    }

    @Test
    void laterOnesOfTheFailedGroupWaitAndOtherGroupsGoOn() {
        Queue queue =
                Queue.fifo(5, 1).received(5, "1@a", "2@b", "3@a", "4@b", "5@a").partial(1, "3");

        assertThat(queue.acks()).containsExactly("1", "2", "4");
        assertThat(queue.back()).containsExactly("3", "5");
    }

    @Test
    void aGroupHasOneBatchAtATimeAndWhatIsGatheredOfAFailedOneGoesBackToo() {
        Queue queue = Queue.fifo(2, 3).received(2, "1@a", "2@a").received(2, "3@a", "4@b");
        assertThat(queue.runs()).containsExactly("1 2", "4");

        queue.partial(1, "2");
        assertThat(queue.acks()).containsExactly("1");
        assertThat(queue.back()).containsExactly("2", "3");
        assertThat(queue.runs()).hasSize(2);
    }

    @Test
    void aGroupGoesOnAfterItsBatchIsDone() {
        Queue queue = Queue.fifo(1, 3).received(1, "1@a").received(1, "2@a").success(1);

        assertThat(queue.runs()).containsExactly("1", "2");
    }

    @Test
    void noMoreIsReceivedThanMayRunSoThatLowConcurrencyBurnsNoReceiveCounts() {
        Queue queue = Queue.standard(10, 2);
        assertThat(queue.receives()).containsExactly(10, 10);
        String[] ten = "a b c d e f g h i j".split(" ");
        queue.received(10, ten).received(10, ten);
        assertThat(queue.asked()).isEqualTo(20);

        assertThat(queue.success(1).asked()).isEqualTo(30);
    }

    @Test
    void aThrottledBatchIsKeptAndTriedAgainAndNothingIsReceivedMeanwhile() {
        Queue queue = Queue.standard(2, 2).received(2, "a", "b").answer(1, new Answer.NotRun("TooManyRequests"));
        int asked = queue.asked();
        queue.received(2);
        assertThat(queue.asked()).isEqualTo(asked);
        assertThat(queue.backs()).isEmpty();
        assertThat(queue.runs()).hasSize(1);

        queue.after(Duration.ofSeconds(1));
        assertThat(queue.runs()).containsExactly("a b", "a b");
        assertThat(queue.success(2).acks()).containsExactly("a", "b");
    }

    @Test
    void whatIsHeldIsExtendedBeforeTheQueueHandsItOutAgain() {
        Queue queue = Queue.standard(1, 1).received(1, "a").after(VISIBILITY.dividedBy(2));
        assertThat(queue.extensions()).hasSize(1);
        assertThat(queue.after(VISIBILITY.dividedBy(2).minusMillis(1)).extensions())
                .hasSize(1);
        assertThat(queue.after(Duration.ofMillis(1)).extensions()).hasSize(2);
    }

    @Test
    void whatWaitedPastItsVisibilityIsNotRun() {
        var limits = BatchLimits.of(2, VISIBILITY.multipliedBy(2));
        Queue queue = new Queue(new QueuePolicy(limits, 1, 1, false, true, Optional.of(VISIBILITY)), RecordFilter.ALL)
                .received(2, "a");
        queue.after(VISIBILITY.multipliedBy(3));

        assertThat(queue.runs()).isEmpty();
        assertThat(queue.received(2, "a", "b").runs()).containsExactly("a b");
    }

    @Test
    void whatFiltersDropIsDeletedAndOnlyMatchingRecordsRun() {
        Queue queue = new Queue(
                        new QueuePolicy(BatchLimits.of(3, Duration.ZERO), 1, 1, false, true, Optional.empty()),
                        it -> it.id().equals("b"))
                .received(3, "a", "b", "c");

        assertThat(queue.acks()).containsExactly("a", "c");
        assertThat(queue.runs()).containsExactly("b");
    }

    @Test
    void aStopGivesBackWhatWaitsAndEndsAfterWhatRuns() {
        Queue queue = Queue.standard(1, 2).received(1, "a").received(1, "b").answer(2, new Answer.NotRun("busy"));
        queue.stop();
        assertThat(queue.back()).containsExactly("b");
        assertThat(queue.backs().getFirst().failed()).isFalse();
        queue.success(1);
        assertThat(queue.isStopped()).isTrue();
        assertThat(queue.acks()).containsExactly("a");
    }

    @Test
    void sqsStartsWithFiveBatchesAtOnceAndGetsFiveMoreEachSecondInWhichAllRun() {
        Queue queue = Queue.sqs(1, 12);
        assertThat(queue.asked()).isEqualTo(5);
        "a b c d e".chars().filter(it -> it != ' ').forEach(it -> queue.received(1, Character.toString(it)));
        assertThat(queue.after(Duration.ofMillis(999)).asked()).isEqualTo(5);
        assertThat(queue.after(Duration.ofMillis(1)).asked()).isEqualTo(10);

        queue.after(Duration.ofMinutes(1));
        assertThat(queue.asked()).isEqualTo(10);
        "f g h i j".chars().filter(it -> it != ' ').forEach(it -> queue.received(1, Character.toString(it)));
        assertThat(queue.after(Duration.ofSeconds(1)).asked()).isEqualTo(12);
    }

    @Test
    void sqsHasBatchesOfTenWithoutAWindowAndNoWindowForFifo() {
        Duration second = Duration.ofSeconds(1);
        QueuePolicy.sqs(10_000, second, 5, false, true, VISIBILITY);
        QueuePolicy.sqs(10, Duration.ZERO, 5, true, true, VISIBILITY);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> QueuePolicy.sqs(11, Duration.ZERO, 5, false, true, VISIBILITY))
                .withMessage(
                        "batch.size is 11: more than 10 need a batch.window of 1 s at least, in which they are gathered");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> QueuePolicy.sqs(11, second, 5, true, true, VISIBILITY))
                .withMessageStartingWith("A FIFO queue has batches of 10 at most and no window");
        assertThatIllegalArgumentException().isThrownBy(() -> QueuePolicy.sqs(10, second, 5, true, true, VISIBILITY));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> QueuePolicy.sqs(10, second, 0, false, true, VISIBILITY))
                .withMessageStartingWith("maxConcurrency is 0");
    }

    @Test
    void anAnswerThatComesTwiceChangesNothing() {
        Queue queue = Queue.standard(1, 1).received(1, "a").answer(1, new Answer.FunctionError("Unhandled"));

        assertThat(queue.success(1).acks()).isEmpty();
    }
}
