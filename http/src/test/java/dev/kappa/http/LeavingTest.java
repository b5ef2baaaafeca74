package dev.kappa.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class LeavingTest {
    private static final Duration AT_ONCE = Duration.ofMillis(1);

    @Test
    void isNotReadyBeforeItGivesAwayAndWaitsForWhatIsInHand() {
        Leaving leaving = new Leaving("the gateway", AT_ONCE, Duration.ofSeconds(15));
        List<String> seen = new CopyOnWriteArrayList<>();
        AtomicInteger inHand = new AtomicInteger(3);
        assertThat(leaving.begun()).isFalse();
        assertThat(leaving.missing()).isEmpty();

        leaving.leave(() -> seen.addAll(leaving.missing()), inHand::decrementAndGet);

        assertThat(seen).containsExactly("the gateway is going away");
        assertThat(leaving.begun()).isTrue();
        assertThat(inHand).hasValue(0);
    }

    @Test
    void waitsNoLongerThanItsLimitAlsoIfNothingCanBeGivenAway() {
        Leaving leaving = new Leaving("kappa-api", AT_ONCE, Duration.ofMillis(100));

        leaving.leave(
                () -> {
                    throw new IllegalStateException("nobody takes it");
                },
                () -> 1);

        assertThat(leaving.missing()).containsExactly("kappa-api is going away");
    }
}
