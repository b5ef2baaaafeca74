package dev.kappa.gateway.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ShortWaitTest {
    private final List<Runnable> timers = new ArrayList<>();
    private final ShortWait wait = new ShortWait((delayMs, action) -> timers.add(action));
    private Optional<String> known = Optional.empty();

    private void fire() {
        List<Runnable> due = List.copyOf(timers);
        timers.clear();
        due.forEach(Runnable::run);
    }

    @Test
    void findsWhatComesLater() {
        Future<Optional<String>> found = wait.find(1, () -> known);
        fire();
        assertThat(found.isComplete()).isFalse();

        known = Optional.of("it");
        fire();

        assertThat(found.result()).contains("it");
        assertThat(timers).isEmpty();
    }

    @Test
    void letsNoFloodOfUnknownNamesWait() {
        for (int i = 0; i < 200; i++) {
            assertThat(wait.find(1, () -> known).isComplete()).isFalse();
        }

        assertThat(wait.find(1, () -> known).result()).isEmpty();
        known = Optional.of("it");
        fire();
        known = Optional.empty();
        assertThat(wait.find(1, () -> known).isComplete()).isFalse();
    }

    @Test
    void holdsNoMoreThanAFewPayloads() {
        for (int i = 0; i < 5; i++) {
            assertThat(wait.find(6 << 20, () -> known).isComplete()).isFalse();
        }

        assertThat(wait.find(6 << 20, () -> known).result()).isEmpty();
        assertThat(wait.find(1, () -> known).isComplete()).isFalse();
    }

    @Test
    void failsWithWhatLookingThrows() {
        Future<Optional<String>> found = wait.find(1, () -> {
            if (!timers.isEmpty() || known.isPresent()) {
                throw new IllegalStateException("broken");
            }
            known = Optional.of("next time");
            return Optional.empty();
        });
        fire();

        assertThat(found.failed()).isTrue();
    }
}
