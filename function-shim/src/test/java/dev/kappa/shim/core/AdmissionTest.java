package dev.kappa.shim.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.wire.Wire;
import org.junit.jupiter.api.Test;

class AdmissionTest {
    private final Admission admission = new Admission(1);

    @Test
    void admitsTheNextEventWhileTheLastOnesAnswerIsWritten() {
        assertThat(admission.tryEnter()).isNull();
        assertThat(admission.tryEnter()).isEqualTo(Wire.REFUSED_BUSY);
        admission.ran();
        assertThat(admission.tryEnter()).isNull();
        admission.ran();
        assertThat(admission.tryEnter()).as("two answers are not written yet").isEqualTo(Wire.REFUSED_BUSY);
        admission.leave();
        assertThat(admission.tryEnter()).isNull();
    }

    @Test
    void waitsForAnswersNotOnlyForHandlers() throws InterruptedException {
        admission.tryEnter();
        admission.ran();
        Thread writer = Thread.ofVirtual().unstarted(admission::leave);
        long started = System.nanoTime();
        admission.awaitInFlight(0, 20);
        assertThat(System.nanoTime() - started).isGreaterThanOrEqualTo(20_000_000);
        writer.start();
        admission.awaitInFlight(0, 10_000);
        writer.join();
    }
}
