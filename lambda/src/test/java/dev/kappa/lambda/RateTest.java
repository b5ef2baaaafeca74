package dev.kappa.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RateTest {
    private static final long SECOND = 1_000_000_000L;

    private long state = Long.MIN_VALUE / 2;

    private int taken(Rate rate, long nowNanos, int wanted) {
        int taken = 0;
        for (int i = 0; i < wanted; i++) {
            long next = rate.take(state, nowNanos);
            if (next != state) {
                taken++;
                state = next;
            }
        }
        return taken;
    }

    @Test
    void aBurstIsTakenAtOnceAndThenTheRate() {
        Rate rate = new Rate(10, 5);

        assertThat(taken(rate, 0, 100)).isEqualTo(5);
        assertThat(taken(rate, SECOND / 10, 100)).isEqualTo(1);
        assertThat(taken(rate, SECOND / 10, 100)).isZero();
        assertThat(taken(rate, 60 * SECOND, 100))
                .as("no more than a burst is saved up")
                .isEqualTo(5);
    }

    @Test
    void overTimeItIsTheRate() {
        Rate rate = new Rate(250, 3);
        int all = 0;
        for (int i = 0; i < 10_000; i++) {
            all += taken(rate, i * SECOND / 1000, 1);
        }
        assertThat(all).isBetween(2_500, 2_503);
    }

    @Test
    void lessThanOneASecond() {
        Rate rate = new Rate(0.5, 0);

        assertThat(taken(rate, 0, 10)).isEqualTo(1);
        assertThat(taken(rate, SECOND, 10)).isZero();
        assertThat(taken(rate, 2 * SECOND, 10)).isEqualTo(1);
        assertThat(Rate.UNLIMITED.isLimited()).isFalse();
    }
}
