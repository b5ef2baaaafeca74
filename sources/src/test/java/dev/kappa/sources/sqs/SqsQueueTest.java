package dev.kappa.sources.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqsQueueTest {
    /** Else a message that comes at the end of the wait would count as handed out to others, though it was not run. */
    @ParameterizedTest
    @CsvSource({"4, 2", "5, 2", "30, 15", "40, 20", "43200, 20"})
    void aCallDoesNotWaitForLongerThanAMessageMayBeHeld(int visibility, int wait) {
        assertThat(SqsQueue.longPoll(Duration.ofSeconds(visibility))).isEqualTo(wait);
    }
}
