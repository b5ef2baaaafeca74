package dev.kappa.operator.autoscaler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ConcurrencyWindowTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private final ConcurrencyWindow window = new ConcurrencyWindow(Duration.ofSeconds(60));

    @Test
    void averagesExactlyBetweenReports() {
        window.add(START, 0);
        window.add(START.plusSeconds(1), 4000);
        window.add(START.plusSeconds(3), 4000);

        assertThat(window.average(Duration.ofSeconds(2))).isZero();
        assertThat(window.average(Duration.ofSeconds(3))).isCloseTo(4.0 / 3, within(1e-9));
    }

    @Test
    void forgetsWhatIsOlderThanItsLength() {
        window.add(START, 0);
        window.add(START.plusSeconds(10), 1_000_000);
        for (int second = 11; second < 100; second++) {
            window.add(START.plusSeconds(second), 1_000_000);
        }

        assertThat(window.average(Duration.ofSeconds(60))).isZero();
    }

    @Test
    void beginsAnewWithANewOwner() {
        window.add(START, 5000);
        window.add(START.plusSeconds(1), 9000);
        window.add(START.plusSeconds(2), 10);

        assertThat(window.spans(Duration.ofSeconds(1))).isFalse();
        assertThat(window.average(Duration.ofSeconds(1))).isZero();
    }
}
