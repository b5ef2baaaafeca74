package dev.kappa.operator.autoscaler;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** {@code idleTimeout: auto}: an instance comes and goes as the events of its version did before. */
class LearnedKeepAliveTest {
    private static final int TEN_MINUTES = 600;

    private final Bench bench = Bench.with(new ScalingTarget(Bench.ID, "r1", true, 0, 0, 10, null, 1, null));

    /** An event that an instance runs for a second. */
    private void event() {
        if (bench.replicas == 0) {
            bench.report(1);
            bench.pass(Duration.ofMillis(500));
            bench.hello();
        }
        bench.report(0, 1);
        bench.pass(Duration.ofSeconds(1));
    }

    /** Reports of a gateway once a second, with as many ready instances as are wanted; what the last change was for. */
    private String idle(int seconds) {
        String last = "";
        for (int i = 0; i < seconds; i++) {
            last = reason(bench.report(0, new int[bench.replicas]), last);
            last = reason(bench.tick(), last);
            bench.pass(Duration.ofSeconds(1));
        }
        return last;
    }

    private static String reason(@Nullable Change change, String otherwise) {
        return change == null ? otherwise : change.reason();
    }

    @Test
    void staysForFiveMinutesUntilItKnows() {
        event();

        idle(290);
        assertThat(bench.replicas).isEqualTo(1);
        idle(20);
        assertThat(bench.replicas).isZero();
    }

    @Test
    void isThereBeforeAnEventThatComesEveryTenMinutes() {
        for (int i = 0; i < 10; i++) {
            event();
            idle(TEN_MINUTES);
        }
        event();

        String gone = idle(20);
        assertThat(bench.replicas).isZero();
        assertThat(gone).contains("the next event is expected after PT9M");
        idle(TEN_MINUTES - 60);
        assertThat(bench.replicas).isZero();
        String back = idle(39);
        assertThat(bench.replicas).isEqualTo(1);
        assertThat(back).contains("an event is expected");
    }

    @Test
    void goesForGoodWhenTheExpectedEventDoesNotCome() {
        for (int i = 0; i < 10; i++) {
            event();
            idle(TEN_MINUTES);
        }
        event();

        idle(2 * TEN_MINUTES);
        assertThat(bench.replicas).isZero();
        assertThat(idle(TEN_MINUTES)).isEmpty();
    }

    @Test
    void aMinimumStays() {
        Bench kept = Bench.with(new ScalingTarget(Bench.ID, "r1", true, 1, 0, 10, null, 1, null));
        kept.report(0);

        kept.pass(Duration.ofHours(2));
        kept.report(0, 0);
        kept.tick();

        assertThat(kept.replicas).isEqualTo(1);
    }
}
