package dev.kappa.sources.batch;

import static dev.kappa.sources.batch.Shard.START;
import static dev.kappa.sources.batch.Shard.record;
import static dev.kappa.sources.batch.Shard.windows;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.sources.batch.StreamCommand.WindowRun;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A rule of tumbling windows each. */
class TumblingWindowTest {
    private static final Duration WINDOW = Duration.ofMinutes(2);
    private static final Instant END = START.plus(WINDOW);
    private static final String LONG = "\"" + "x".repeat(Windows.LONGEST_STATE) + "\"";

    @Test
    void runsOfAWindowHandTheirStateOnAndTheLastOneHasNoRecords() {
        Shard shard = new Shard(windows(1, WINDOW)).fetched(at("1", 0), at("2", 119), at("3", 120));
        assertThat(window(shard)).isEqualTo(new WindowRun(new WindowState(START, END, "{}"), false, false));
        shard.state("{\"n\":1}");
        assertThat(window(shard).state().state()).isEqualTo("{\"n\":1}");
        shard.state("{\"n\":2}");
        assertThat(window(shard)).isEqualTo(new WindowRun(new WindowState(START, END, "{\"n\":2}"), true, false));
        shard.success();
        assertThat(window(shard)).isEqualTo(new WindowRun(new WindowState(END, END.plus(WINDOW), "{}"), false, false));

        assertThat(shard.runs()).containsExactly("1", "2", "", "3");
    }

    @Test
    void aWindowEndsWithItsTimeOnceNoRecordOfItIsLeft() {
        Shard shard = new Shard(windows(9, WINDOW))
                .fetched(at("1", 0))
                .state("{\"n\":1}")
                .after(WINDOW);
        assertThat(shard.runs()).containsExactly("1");

        shard.fetched();
        assertThat(shard.runs()).containsExactly("1", "");
        assertThat(shard.success().checkpoint()).isEqualTo(Checkpoint.at("1"));
    }

    @Test
    void aRecordThatComesLateGoesIntoTheOpenWindow() {
        Shard shard =
                new Shard(windows(9, WINDOW)).fetched(at("1", 120)).state("{}").fetched(at("2", 60));

        assertThat(window(shard).state().start()).isEqualTo(END);
        assertThat(shard.runs()).containsExactly("1", "2");
    }

    @Test
    void theCheckpointHasTheStateSoThatANewOwnerGoesOnWithIt() {
        Shard shard = new Shard(windows(1, WINDOW)).fetched(at("1", 0)).state("{\"n\":1}");
        Shard next = new Shard(windows(1, WINDOW), RecordFilter.ALL, shard.checkpoint()).fetched(at("2", 1));

        assertThat(window(next).state()).isEqualTo(new WindowState(START, END, "{\"n\":1}"));
    }

    @Test
    void aRunThatFailsKeepsTheStateAndOneThatIsGivenUpToo() {
        Shard shard = new Shard(windows(1, WINDOW))
                .fetched(at("1", 0), at("2", 1), at("3", 2))
                .state("{\"n\":1}");
        shard.error().after(Duration.ofSeconds(1));
        assertThat(window(shard).state().state()).isEqualTo("{\"n\":1}");
        shard.error().stored();

        assertThat(shard.runs()).endsWith("3");
        assertThat(window(shard).state().state()).isEqualTo("{\"n\":1}");
    }

    @Test
    void aLastRunThatFailsIsRetriedAndGivenUpToo() {
        Shard shard =
                new Shard(windows(1, WINDOW)).fetched(at("1", 0), at("2", 120)).state("{\"n\":1}");
        shard.error().after(Duration.ofSeconds(1)).error();
        assertThat(shard.givenUp().records()).isEmpty();
        assertThat(shard.checkpoint().window()).isPresent();

        shard.stored();
        assertThat(shard.runs()).containsExactly("1", "", "", "2");
    }

    @Test
    void aLastRunThatNamesAFailedRecordFailed() {
        Shard shard =
                new Shard(windows(1, WINDOW)).fetched(at("1", 0), at("2", 120)).state("{}");
        shard.partial("1").after(Duration.ofSeconds(1));

        assertThat(shard.runs()).containsExactly("1", "", "");
    }

    @Test
    void anAnswerWithoutAStateFailed() {
        Shard shard = new Shard(windows(1, WINDOW)).fetched(at("1", 0)).success();

        assertThat(shard.checkpoints()).isEmpty();
        assertThat(shard.after(Duration.ofSeconds(1)).runs()).containsExactly("1", "1");
    }

    @Test
    void aStateThatIsTooLargeEndsTheWindowEarlyAndIsInNoCheckpoint() {
        Shard shard =
                new Shard(windows(1, WINDOW)).fetched(at("1", 0), at("2", 1)).state(LONG);
        assertThat(shard.checkpoints()).isEmpty();
        assertThat(window(shard)).isEqualTo(new WindowRun(new WindowState(START, END, LONG), true, true));

        shard.success();
        assertThat(shard.checkpoint()).isEqualTo(Checkpoint.at("1"));
        assertThat(shard.runs()).containsExactly("1", "", "2");
        assertThat(window(shard).state()).isEqualTo(new WindowState(START, END, "{}"));
    }

    @Test
    void aPartialAnswerHandsOnTheStateOfWhatIsDone() {
        Shard shard = new Shard(windows(3, WINDOW)).fetched(at("1", 0), at("2", 0), at("3", 0));
        shard.answer(new Answer.Partial(java.util.List.of("2"), Optional.of("{\"n\":1}")))
                .after(Duration.ofSeconds(1));

        assertThat(shard.runs()).endsWith("2 3");
        assertThat(window(shard).state().state()).isEqualTo("{\"n\":1}");
        assertThat(shard.checkpoint())
                .isEqualTo(new Checkpoint("1", Optional.of(new WindowState(START, END, "{\"n\":1}")), false));
    }

    @Test
    void anEndedShardEndsItsWindow() {
        Shard shard =
                new Shard(windows(3, WINDOW)).fetched(at("1", 0)).state("{}").ended();
        assertThat(shard.runs()).containsExactly("1", "");
        assertThat(shard.isStopped()).isFalse();

        assertThat(shard.success().isStopped()).isTrue();
        assertThat(shard.checkpoint()).isEqualTo(new Checkpoint("1", Optional.empty(), true));
    }

    private static WindowRun window(Shard shard) {
        return shard.running().window().orElseThrow();
    }

    private static SourceRecord at(String id, int second) {
        return record(id, "", START.plusSeconds(second));
    }
}
