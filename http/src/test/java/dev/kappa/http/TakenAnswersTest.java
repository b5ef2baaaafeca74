package dev.kappa.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TakenAnswersTest {
    private final TakenAnswers answers = new TakenAnswers();

    @Test
    void whatIsNotTakenStalls() {
        assertThat(answers.stalled("a", 0, 10)).isZero();
        assertThat(answers.stalled("a", 0, 20)).isEqualTo(10);
        assertThat(answers.stalled("a", 1000, 50)).as("less than a kilobyte").isEqualTo(40);
        assertThat(answers.stalled("a", 1024, 60)).isZero();
        assertThat(answers.stalled("a", 1024, 65)).isEqualTo(5);
    }

    @Test
    void whatIsTakenDoesNot() {
        assertThat(answers.stalled("a", 0, 10)).isZero();
        assertThat(answers.stalled("b", 0, 20)).isZero();
        assertThat(answers.stalled("b", 5000, 30)).isZero();
        assertThat(answers.stalled(null, 0, 40)).isZero();
        assertThat(answers.stalled(null, 0, 90)).isZero();
        assertThat(answers.stalled("b", 5000, 100))
                .as("nothing waited meanwhile")
                .isZero();
        assertThat(answers.stalled("b", 5000, 110)).isEqualTo(10);
    }
}
