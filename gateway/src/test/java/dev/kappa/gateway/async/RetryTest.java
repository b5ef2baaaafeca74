package dev.kappa.gateway.async;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.gateway.async.Retry.Decision;
import dev.kappa.gateway.catalog.AsyncSettings;
import dev.kappa.gateway.dispatch.Answer;
import dev.kappa.lambda.ThrottleReason;
import dev.kappa.stores.events.Condition;
import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;

class RetryTest {
    private static final Answer WELL = new Answer.Executed(Buffer.buffer("1"), null, null, null, null);
    private static final Answer BADLY = new Answer.Executed(Buffer.buffer("{}"), "Unhandled", null, null, null);
    private static final Answer THROTTLED = new Answer.Throttled(ThrottleReason.CONCURRENT);
    private static final Answer BROKEN = new Answer.Failed(502, "gone");
    private static final AsyncSettings SETTINGS = new AsyncSettings(2, 3_600_000, null, null);
    private static final Retry RETRY = new Retry(60_000);

    @Test
    void anAnswerEndsTheEvent() {
        assertThat(RETRY.after(WELL, SETTINGS, 2, 9, 3_600_001)).isEqualTo(new Decision.End(Condition.SUCCESS));
    }

    @Test
    void errorsOfTheFunctionRunAgainAfterOneMinuteAndAfterTwo() {
        assertThat(RETRY.after(BADLY, SETTINGS, 0, 1, 0)).isEqualTo(new Decision.Again(60_000, true));
        assertThat(RETRY.after(BADLY, SETTINGS, 1, 2, 0)).isEqualTo(new Decision.Again(120_000, true));
        assertThat(RETRY.after(BADLY, SETTINGS, 2, 3, 0)).isEqualTo(new Decision.End(Condition.RETRIES_EXHAUSTED));
    }

    @Test
    void noRetriesMeansNone() {
        AsyncSettings none = new AsyncSettings(0, 3_600_000, null, null);

        assertThat(RETRY.after(BADLY, none, 0, 1, 0)).isEqualTo(new Decision.End(Condition.RETRIES_EXHAUSTED));
    }

    @Test
    void thePlatformBacksOffFromOneSecondToFiveMinutesAndCountsNoAttempt() {
        assertThat(RETRY.after(THROTTLED, SETTINGS, 0, 1, 0)).isEqualTo(new Decision.Again(1_000, false));
        assertThat(RETRY.after(BROKEN, SETTINGS, 0, 4, 900_000)).isEqualTo(new Decision.Again(8_000, false));
        assertThat(RETRY.after(BROKEN, SETTINGS, 2, 4, 900_000)).isEqualTo(new Decision.Again(2_000, false));
        assertThat(RETRY.after(BROKEN, SETTINGS, 0, 1_000_000, 900_000)).isEqualTo(new Decision.Again(300_000, false));
    }

    @Test
    void nothingIsPutOffForLongerThanItIsOld() {
        assertThat(RETRY.after(BROKEN, SETTINGS, 0, 20, 0)).isEqualTo(new Decision.Again(1_000, false));
        assertThat(RETRY.after(BROKEN, SETTINGS, 0, 20, 7_000)).isEqualTo(new Decision.Again(7_000, false));
    }

    @Test
    void whatWouldBeTooOldByThenEndsNow() {
        Decision tooOld = new Decision.End(Condition.EVENT_AGE_EXCEEDED);

        assertThat(RETRY.after(BADLY, SETTINGS, 0, 1, 3_540_001)).isEqualTo(tooOld);
        assertThat(RETRY.after(BADLY, SETTINGS, 0, 1, 3_540_000)).isEqualTo(new Decision.Again(60_000, true));
        assertThat(RETRY.after(THROTTLED, SETTINGS, 0, 1, 3_599_001)).isEqualTo(tooOld);
    }

    @Test
    void anEventThatMovedComesAgainOnceItsDrainHasMovedToo() {
        assertThat(RETRY.after(new Answer.Moved(), SETTINGS, 0, 1, 3_600_001))
                .isEqualTo(new Decision.Again(1_000, false));
    }
}
