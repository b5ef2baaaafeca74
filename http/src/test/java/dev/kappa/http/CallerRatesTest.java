package dev.kappa.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.identity.Caller;
import dev.kappa.lambda.Rate;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CallerRatesTest {
    private static final long SECOND = 1_000_000_000L;

    private final AtomicLong now = new AtomicLong(-5);
    private final CallerRates rates = new CallerRates(new Rate(10, 3), now::get);

    private int admitted(String caller, int wanted) {
        int admitted = 0;
        for (int i = 0; i < wanted; i++) {
            admitted += rates.admits(new Caller(caller)) ? 1 : 0;
        }
        return admitted;
    }

    @Test
    void oneCallerTakesNothingFromAnother() {
        assertThat(admitted("ada", 10)).isEqualTo(3);
        assertThat(admitted("bob", 10)).isEqualTo(3);
        now.addAndGet(SECOND / 10);
        assertThat(admitted("ada", 10)).isEqualTo(1);
    }

    @Test
    void manyCallersTakeNoMoreMemoryThanTheMostThatAreKept() {
        for (int i = 0; i < 50_000; i++) {
            admitted("caller" + i, 1);
        }
        assertThat(rates.known()).isEqualTo(10_000);
        assertThat(admitted("one more", 10))
                .as("shares what is left for all others")
                .isZero();

        now.addAndGet(2 * SECOND);

        assertThat(admitted("one more", 10)).isEqualTo(3);
        assertThat(rates.known())
                .as("those who do not call any more are forgotten")
                .isEqualTo(1);
    }

    @Test
    void withoutARateNothingIsCounted() {
        assertThat(CallerRates.UNLIMITED.admits(new Caller("ada"))).isTrue();
        assertThat(CallerRates.UNLIMITED.known()).isZero();
    }

    @Test
    void thoseWhomNobodyKnowsAreNoOneCaller() {
        CallerRates one = new CallerRates(Rate.of(1, 1), () -> 0);

        assertThat(one.admits(new Caller("ada"))).isTrue();
        assertThat(one.admits(new Caller("ada"))).isFalse();
        for (int i = 0; i < 3; i++) {
            assertThat(one.admits(Caller.ANONYMOUS)).isTrue();
        }
    }
}
