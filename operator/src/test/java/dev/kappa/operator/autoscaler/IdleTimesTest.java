package dev.kappa.operator.autoscaler;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class IdleTimesTest {
    private static final Duration COLD_START = Duration.ofMillis(900);

    private static KeepAlive plan(int... seconds) {
        IdleTimes times = new IdleTimes();
        for (int idle : seconds) {
            times.add(Duration.ofSeconds(idle));
        }
        return times.plan(COLD_START);
    }

    private static int[] times(int count, int seconds) {
        int[] all = new int[count];
        java.util.Arrays.fill(all, seconds);
        return all;
    }

    @Test
    void withoutEnoughIdleTimesAnInstanceStaysForFiveMinutes() {
        assertThat(plan(times(7, 3600))).isEqualTo(KeepAlive.of(Duration.ofMinutes(5)));
        assertThat(plan(times(8, 3600))).isNotEqualTo(KeepAlive.of(Duration.ofMinutes(5)));
    }

    @Test
    void aRegularEventIsMetByAnInstanceThatWasStartedJustBefore() {
        KeepAlive plan = plan(times(10, 3600));

        assertThat(plan.wants(Duration.ofSeconds(5))).isTrue();
        assertThat(plan.wants(Duration.ofSeconds(11))).isFalse();
        assertThat(plan.wants(Duration.ofSeconds(3580))).isFalse();
        assertThat(plan.wants(Duration.ofSeconds(3598))).isTrue();
        assertThat(plan.wants(Duration.ofSeconds(3602))).isTrue();
        assertThat(plan.wants(Duration.ofSeconds(3610))).isFalse();
    }

    @Test
    void soIsOneThatComesOnceADayAlmostToTheSecond() {
        KeepAlive plan = plan(86_390, 86_400, 86_395, 86_402, 86_400, 86_398, 86_391, 86_403);

        assertThat(plan.wants(Duration.ofSeconds(86_380))).isTrue();
        assertThat(plan.wants(Duration.ofSeconds(80_000))).isFalse();
        assertThat(plan.until()).isLessThan(Duration.ofSeconds(86_600));
    }

    @Test
    void whoseEventsComeAtAnyTimeOfTheDayWaitsForNone() {
        KeepAlive plan = plan(3_000, 70_000, 12_000, 41_000, 25_000, 8_000, 90_000, 55_000, 33_000, 19_000);

        assertThat(plan.wants(Duration.ofSeconds(30))).isFalse();
        assertThat(plan.wants(Duration.ofMinutes(4))).isFalse();
    }

    @Test
    void whoseEventsComeEveryMinuteStays() {
        KeepAlive plan = plan(61, 55, 70, 48, 59, 66, 52, 58, 60, 63);

        for (int second = 0; second < 70; second++) {
            assertThat(plan.wants(Duration.ofSeconds(second)))
                    .as("%s s", second)
                    .isTrue();
        }
        assertThat(plan.until()).isLessThan(Duration.ofSeconds(90));
    }

    @Test
    void afterABurstItGoesBeforeTheLongPause() {
        KeepAlive plan = plan(20, 15, 30, 7_000, 12, 25, 18, 31, 9_500, 14, 22, 16, 4_000, 27);

        assertThat(plan.wants(Duration.ofSeconds(30))).isTrue();
        assertThat(plan.wants(Duration.ofMinutes(2))).isFalse();
    }

    @Test
    void nobodyGoesForLessThanAMinute() {
        KeepAlive plan = plan(times(20, 70));

        assertThat(plan.from()).isZero();
        assertThat(plan.wants(Duration.ofSeconds(40))).isTrue();
    }

    @Test
    void shortIdleTimesDoNotPushOutTheOthers() {
        IdleTimes times = new IdleTimes();
        for (int i = 0; i < 10; i++) {
            times.add(Duration.ofHours(1));
            for (int j = 0; j < 1_000; j++) {
                times.add(Duration.ofMillis(1_500));
            }
        }

        assertThat(times.plan(COLD_START).from()).isGreaterThan(Duration.ofMinutes(59));
    }

    @Test
    void whatChangedIsLearnedAnew() {
        IdleTimes times = new IdleTimes();
        for (int i = 0; i < 200; i++) {
            times.add(Duration.ofHours(1));
        }
        for (int i = 0; i < 100; i++) {
            times.add(Duration.ofMinutes(20));
        }

        KeepAlive plan = times.plan(COLD_START);

        assertThat(plan.wants(Duration.ofMinutes(20))).isTrue();
        assertThat(plan.wants(Duration.ofHours(1))).isFalse();
    }
}
