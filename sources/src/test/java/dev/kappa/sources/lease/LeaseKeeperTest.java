package dev.kappa.sources.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.kappa.sources.batch.Checkpoint;
import dev.kappa.sources.lease.LeaseCommand.Acquired;
import dev.kappa.sources.lease.LeaseCommand.Lost;
import dev.kappa.sources.lease.LeaseCommand.Read;
import dev.kappa.sources.lease.LeaseCommand.Renewed;
import dev.kappa.sources.lease.LeaseCommand.Write;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LeaseKeeperTest {
    private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");
    private static final Checkpoint LATEST = Checkpoint.at("7");
    private static final ShardState MINE = new ShardState("me", 1, LATEST);
    private static final ShardState THEIRS = new ShardState("other", 4, Checkpoint.at("9"));

    private final LeaseKeeper keeper = new LeaseKeeper("me", LATEST, LeaseTimes.DEFAULT);

    @Test
    void aShardThatNobodyBeganIsCreatedAtTheStartingPosition() {
        assertThat(keeper.passed(T0)).containsExactly(new Read());
        assertThat(keeper.seen(Optional.empty(), T0)).containsExactly(new Write(MINE, 0));
        assertThat(keeper.written(3, at(1))).containsExactly(new Acquired(MINE, at(6)));
    }

    @Test
    void aShardIsTakenOnceItsRevisionStoodStillForTenSecondsByTheOwnClock() {
        keeper.passed(T0);
        assertThat(keeper.seen(theirs(5), T0)).isEmpty();
        keeper.passed(at(9));
        assertThat(keeper.seen(theirs(6), at(9))).isEmpty();
        keeper.passed(at(18));
        assertThat(keeper.seen(theirs(6), at(18))).isEmpty();
        keeper.passed(at(19 + 3));

        assertThat(keeper.seen(theirs(6), at(22)))
                .containsExactly(new Write(new ShardState("me", 5, Checkpoint.at("9")), 6));
    }

    @Test
    void aShardThatWasGivenBackIsTakenAtOnce() {
        keeper.passed(T0);

        assertThat(keeper.seen(Optional.of(new Stored(new ShardState("", 4, LATEST), 5)), T0))
                .containsExactly(new Write(new ShardState("me", 5, LATEST), 5));
    }

    @Test
    void whoComesSecondGetsNothing() {
        keeper.passed(T0);
        keeper.seen(Optional.empty(), T0);

        assertThat(keeper.refused(T0)).isEmpty();
        assertThat(keeper.passed(at(3))).containsExactly(new Read());
    }

    @Test
    void aLeaseIsRenewedEveryThreeSecondsAndHoldsForSixFromTheSendingOfTheWrite() {
        own();
        assertThat(keeper.passed(at(2))).isEmpty();
        assertThat(keeper.passed(at(3))).containsExactly(new Write(MINE, 3));
        assertThat(keeper.written(4, at(5))).containsExactly(new Renewed(at(9)));
    }

    @Test
    void aCheckpointIsACompareAndSetOfTheSameKeyAndRenewsTheLease() {
        own();
        assertThat(keeper.save(Checkpoint.at("8"), at(1))).containsExactly(new Write(MINE.with(Checkpoint.at("8")), 3));
        assertThat(keeper.save(Checkpoint.at("9"), at(1))).isEmpty();
        assertThat(keeper.written(4, at(2)))
                .containsExactly(new Renewed(at(7)), new Write(MINE.with(Checkpoint.at("9")), 4));
    }

    @Test
    void whoIsRefusedHasLostTheLeaseAndWritesNoCheckpoint() {
        own();
        keeper.save(Checkpoint.at("8"), at(1));
        assertThat(keeper.refused(at(2))).containsExactly(new Lost());

        assertThat(keeper.save(Checkpoint.at("9"), at(2))).isEmpty();
        assertThat(keeper.passed(at(2))).isEmpty();
        assertThat(keeper.passed(at(5))).containsExactly(new Read());
    }

    @Test
    void afterAWriteOfWhichNobodyKnowsTheKeyTellsWhetherItLanded() {
        own();
        keeper.save(Checkpoint.at("8"), at(1));
        assertThat(keeper.unknown(at(2))).isEmpty();
        assertThat(keeper.passed(at(3))).containsExactly(new Read());
        assertThat(keeper.seen(Optional.of(new Stored(MINE.with(Checkpoint.at("8")), 4)), at(3)))
                .containsExactly(new Renewed(at(7)));
        assertThat(keeper.passed(at(6))).containsExactly(new Write(MINE.with(Checkpoint.at("8")), 4));
    }

    @Test
    void aWriteThatDidNotLandIsWrittenAgain() {
        own();
        keeper.save(Checkpoint.at("8"), at(1));
        keeper.unknown(at(2));
        keeper.passed(at(3));

        assertThat(keeper.seen(Optional.of(new Stored(MINE, 3)), at(3)))
                .containsExactly(new Write(MINE.with(Checkpoint.at("8")), 3));
    }

    @Test
    void aRenewalThatDidNotLandDoesNotHoldThoughTheKeySaysTheSame() {
        own();
        keeper.passed(at(3));
        keeper.unknown(at(4));
        keeper.passed(at(5));

        assertThat(keeper.seen(Optional.of(new Stored(MINE, 3)), at(5))).containsExactly(new Write(MINE, 3));
        keeper.unknown(at(6));
        keeper.passed(at(7));
        assertThat(keeper.seen(Optional.of(new Stored(MINE, 4)), at(7))).containsExactly(new Renewed(at(11)));
    }

    @Test
    void whoFindsAnotherOwnerAfterAnUnknownWriteHasLost() {
        own();
        keeper.save(Checkpoint.at("8"), at(1));
        keeper.unknown(at(2));
        keeper.passed(at(3));

        assertThat(keeper.seen(theirs(5), at(3))).containsExactly(new Lost());
    }

    @Test
    void aReleaseWritesTheLastCheckpointAndLeavesTheShardToOthers() {
        own();
        keeper.save(Checkpoint.at("8"), at(1));
        assertThat(keeper.release(at(1))).isEmpty();
        assertThat(keeper.written(4, at(1)).getLast())
                .isEqualTo(new Write(new ShardState("", 1, Checkpoint.at("8")), 4));
        assertThat(keeper.written(5, at(1))).containsExactly(new Lost());
        assertThat(keeper.passed(at(60))).isEmpty();
    }

    @Test
    void ownersFallSilentBeforeOthersTakeOver() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new LeaseTimes(Duration.ofSeconds(3), Duration.ofSeconds(10), Duration.ofSeconds(10)));
    }

    private void own() {
        keeper.passed(T0);
        keeper.seen(Optional.empty(), T0);
        assertThat(keeper.written(3, T0)).isEqualTo(List.of(new Acquired(MINE, at(6))));
    }

    private static Optional<Stored> theirs(long revision) {
        return Optional.of(new Stored(THEIRS, revision));
    }

    private static Instant at(int second) {
        return T0.plusSeconds(second);
    }
}
