package dev.kappa.jetstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.jetstream.QueueAccount.Level;
import dev.kappa.stores.events.EventQueue;
import dev.kappa.stores.events.QueueException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class QueueAccountTest {
    private static final QueueSizes SIZES = new QueueSizes(1, 1_000, 400);

    private long now = 5;
    private int asked;
    private Level level = new Level(0, 0);
    private final QueueAccount account = new QueueAccount(SIZES, () -> now);

    @Test
    void theServerIsAskedAtFirstAndNotAgainWhileThereIsMuchLeft() {
        assertThat(admitted(10)).isTrue();
        assertThat(admitted(10)).isTrue();

        assertThat(asked).isEqualTo(1);
    }

    @Test
    void theServerIsAskedAgainBeforeWhatIsLeftCanBeUsedUp() {
        assertThat(admitted(90)).isTrue();
        level = new Level(390, 390);

        assertThat(admitted(20)).isFalse();
        assertThat(asked).isEqualTo(2);
    }

    @Test
    void whatWasToldLongAgoIsAskedAgain() {
        assertThat(admitted(10)).isTrue();
        level = new Level(400, 400);
        now += Duration.ofSeconds(2).toNanos();

        assertThat(admitted(10)).isFalse();
    }

    @Test
    void aRefusalHoldsForAMomentWithoutAQuestion() {
        level = new Level(400, 400);
        assertThat(admitted(1)).isFalse();
        level = new Level(0, 0);
        assertThat(admitted(1)).isFalse();
        assertThat(asked).isEqualTo(1);

        now += Duration.ofMillis(100).toNanos();

        assertThat(admitted(1)).isTrue();
    }

    @Test
    void eventsOnTheirWayCountUntilTheServerHasThem() {
        assertThat(admitted(300)).isTrue();
        assertThat(admitted(101)).describedAs("300 are on their way").isFalse();

        account.written(300);
        level = new Level(300, 300);
        now += Duration.ofSeconds(2).toNanos();

        assertThat(admitted(101)).isFalse();
        now += Duration.ofSeconds(2).toNanos();
        assertThat(admitted(100)).describedAs("300 of 400, counted once").isTrue();
    }

    @Test
    void whatWasSeenSinceTheMarkDoesNotCoverWhatWasAdmittedAfterIt() {
        assertThat(admitted(100)).isTrue();
        account.written(100);
        account.mark();
        assertThat(admitted(100)).isTrue();
        account.written(100);

        account.seen(new Level(100, 100));
        level = new Level(200, 200);

        assertThat(admitted(201)).isFalse();
    }

    @Test
    void aQueueTakesNoMoreThanOthersLeaveFree() {
        level = new Level(0, 700);

        assertThat(admitted(300)).isTrue();
        account.written(300);
        level = new Level(300, 1_000);
        now += Duration.ofSeconds(2).toNanos();

        assertThat(account.admit(1, () -> level))
                .hasValueSatisfying(why -> assertThat(why).contains("async.partitionSize"));
    }

    @Test
    void aServerThatDoesNotAnswerIsNotAskedForAMoment() {
        for (int i = 0; i < 3; i++) {
            assertThat(account.admit(1, () -> {
                        asked++;
                        throw new QueueException("no answer");
                    }))
                    .isEmpty();
        }

        assertThat(asked).isEqualTo(1);
    }

    @Test
    void aNoticeIsDueAtFirstAndThenOnceInAWhile() {
        assertThat(account.isNoticeDue()).isTrue();
        assertThat(account.isNoticeDue()).isFalse();

        now += EventQueue.NOTICE.toNanos();

        assertThat(account.isNoticeDue()).isTrue();
    }

    @Test
    void anAccountIsUnusedOnceNothingWasWrittenForMinutes() {
        assertThat(admitted(10)).isTrue();
        now += Duration.ofMinutes(6).toNanos();
        assertThat(account.isUnused()).describedAs("one is on its way").isFalse();

        account.written(10);

        assertThat(account.isUnused()).isTrue();
    }

    private boolean admitted(long bytes) {
        return account.admit(bytes, () -> {
                    asked++;
                    return level;
                })
                .isEmpty();
    }
}
