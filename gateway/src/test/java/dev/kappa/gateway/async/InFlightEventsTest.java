package dev.kappa.gateway.async;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.lambda.VersionKey;
import dev.kappa.stores.events.AsyncEvent;
import dev.kappa.stores.events.EventQueue.Delivery;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class InFlightEventsTest {
    private final InFlightEvents inHand = new InFlightEvents();
    private int marks;
    private boolean freeWhenGivenBack;

    @Test
    void anEventThatIsHandedOutAgainMeanwhileIsNotTakenTwiceAndTheQueueHearsThatItIsInHand() {
        Delivery first = Objects.requireNonNull(inHand.take(new Counted(event("a"), 1)));

        assertThat(inHand.take(new Counted(event("a"), 2))).isNull();
        assertThat(marks).isEqualTo(1);
        assertThat(inHand.take(new Counted(event("b"), 1))).isNotNull();

        inHand.release(first);
        assertThat(inHand.take(new Counted(event("a"), 3))).isNotNull();
    }

    @Test
    void allThatIsInHandIsMarkedUntilItIsReleased() {
        Delivery first = Objects.requireNonNull(inHand.take(new Counted(event("a"), 1)));
        inHand.take(new Counted(event("b"), 1));
        inHand.mark();
        assertThat(marks).isEqualTo(2);

        inHand.release(first);
        inHand.mark();
        assertThat(marks).isEqualTo(3);
    }

    @Test
    void whatIsGivenBackCanBeTakenByTheTimeTheQueueKnows() {
        Objects.requireNonNull(inHand.take(new Counted(event("a"), 1))).again(Duration.ZERO);
        assertThat(freeWhenGivenBack).isTrue();
    }

    @Test
    void whoIsLateToReleaseDoesNotReleaseWhatAnotherTook() {
        Delivery first = Objects.requireNonNull(inHand.take(new Counted(event("a"), 1)));
        first.again(Duration.ofDays(1));
        inHand.release(first);
        assertThat(inHand.take(new Counted(event("a"), 2))).isNull();
    }

    private static AsyncEvent event(String id) {
        return new AsyncEvent(
                id,
                new VersionKey("default", "hello", "$LATEST"),
                "",
                null,
                "1".getBytes(StandardCharsets.UTF_8),
                "arn",
                null,
                null,
                "test",
                0,
                0);
    }

    /** Tells what it is told, and is handed out again as soon as it is given back. */
    private final class Counted implements Delivery {
        private final AsyncEvent event;
        private final long count;

        Counted(AsyncEvent event, long count) {
            this.event = event;
            this.count = count;
        }

        @Override
        public AsyncEvent event() {
            return event;
        }

        @Override
        public long count() {
            return count;
        }

        @Override
        public void inProgress() {
            marks++;
        }

        @Override
        public void again(Duration delay) {
            freeWhenGivenBack = inHand.take(new Counted(event, count + 1)) != null;
        }

        @Override
        public void done() {}
    }
}
