package dev.kappa.gateway.async;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kappa.lambda.FunctionKey;
import dev.kappa.stores.events.Attempts;
import dev.kappa.stores.events.Condition;
import dev.kappa.stores.events.Outcome;
import dev.kappa.stores.events.OutcomeStore;
import dev.kappa.stores.events.QueueException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RetryingOutcomeStoreTest {
    private static final FunctionKey HELLO = new FunctionKey("default", "hello");
    private static final Outcome OUTCOME = new Outcome(
            "a", "default", "hello", "$LATEST", Condition.SUCCESS, 1, 0, 1, 200, null, null, List.of(), false);

    private long nowMs;
    private long awayUntilMs;
    private int writes;
    private final RetryingOutcomeStore outcomes =
            new RetryingOutcomeStore(new Away(), () -> nowMs, pause -> nowMs += pause.toMillis());

    @Test
    void whatARunToldIsWrittenOnceTheStoreIsBack() throws QueueException {
        awayUntilMs = 60_000;
        assertThat(outcomes.create(OUTCOME)).isEqualTo(OUTCOME);
        awayUntilMs = 120_000;
        outcomes.failed(HELLO, "a", new Attempts(1, 0, "{}"));
        assertThat(writes).isEqualTo(2);
        assertThat(nowMs).isEqualTo(120_000);
    }

    @Test
    void aStoreThatStaysAwayIsNotWaitedForForEver() {
        awayUntilMs = Long.MAX_VALUE;
        assertThatThrownBy(() -> outcomes.create(OUTCOME))
                .isInstanceOf(QueueException.class)
                .hasMessage("away");
        assertThat(nowMs).isBetween(600_000L, 602_000L);
    }

    @Test
    void whatOnlyAsksIsAnsweredAtOnce() {
        awayUntilMs = 60_000;
        assertThatThrownBy(() -> outcomes.find(HELLO, "a")).isInstanceOf(QueueException.class);
        assertThatThrownBy(() -> outcomes.attempts(HELLO, "a")).isInstanceOf(QueueException.class);
        assertThatThrownBy(() -> outcomes.progress(OUTCOME)).isInstanceOf(QueueException.class);
        assertThat(nowMs).isZero();
    }

    private final class Away implements OutcomeStore {
        @Override
        public Optional<Outcome> find(FunctionKey function, String requestId) throws QueueException {
            write();
            return Optional.empty();
        }

        @Override
        public Outcome create(Outcome outcome) throws QueueException {
            write();
            return outcome;
        }

        @Override
        public void progress(Outcome outcome) throws QueueException {
            write();
        }

        @Override
        public Attempts attempts(FunctionKey function, String requestId) throws QueueException {
            write();
            return Attempts.NONE;
        }

        @Override
        public void failed(FunctionKey function, String requestId, Attempts attempts) throws QueueException {
            write();
        }

        private void write() throws QueueException {
            if (nowMs < awayUntilMs) {
                throw new QueueException("away");
            }
            writes++;
        }
    }
}
