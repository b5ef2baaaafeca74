package dev.kappa.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.history.History.Answer;
import dev.kappa.history.History.Delivered;
import dev.kappa.history.History.Died;
import dev.kappa.history.History.Fault;
import dev.kappa.history.History.Run;
import dev.kappa.history.History.Sample;
import dev.kappa.history.History.Sent;
import dev.kappa.history.History.Settled;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CheckerTest {
    private static final Checker CHECKER = new Checker(100, 0, true);

    private final List<Sent> sent = new ArrayList<>();
    private final List<Run> runs = new ArrayList<>();
    private final List<Settled> settled = new ArrayList<>();
    private final List<Delivered> delivered = new ArrayList<>();
    private final List<Died> died = new ArrayList<>();
    private final List<Fault> faults = new ArrayList<>();
    private final List<Sample> samples = new ArrayList<>();

    @BeforeEach
    void oneEventThatWentWell() {
        sent.add(new Sent("a", Answer.ACCEPTED, Optional.of("A"), 1000, 1010));
        runs.add(new Run("A", "a", true, 1020));
        settled.add(new Settled("A", true, 1, 1030, 1031));
        delivered.add(new Delivered("A", true));
        samples.add(new Sample(1012, 1015, 1));
        samples.add(new Sample(1040, 1045, 0));
    }

    @Test
    void whatWentWellIsFound() {
        assertThat(check().violations()).isEmpty();
        assertThat(check().duplicates()).isZero();
    }

    @Test
    void anAcceptedEventWithoutAnOutcomeIsLost() {
        sent.add(new Sent("b", Answer.ACCEPTED, Optional.of("B"), 2000, 2010));

        assertThat(check().lost()).singleElement().asString().contains("b (B)");
    }

    @Test
    void whatWasRefusedOrUnknownMayBeMissing() {
        sent.add(new Sent("b", Answer.REFUSED, Optional.of("B"), 2000, 2010));
        sent.add(new Sent("c", Answer.UNKNOWN, Optional.empty(), 2000, 2010));

        assertThat(check().violations()).isEmpty();
    }

    @Test
    void whatWasUnknownMayHaveHappened() {
        sent.add(new Sent("c", Answer.UNKNOWN, Optional.empty(), 2000, 2010));
        runs.add(new Run("C", "c", true, 2020));
        settled.add(new Settled("C", true, 1, 2030, 2031));
        delivered.add(new Delivered("C", true));

        assertThat(check().violations()).isEmpty();
    }

    @Test
    void anOutcomeThatNoRunAccountsForIsALoss() {
        runs.set(0, new Run("A", "a", false, 1020));
        assertThat(check().lost()).singleElement().asString().contains("no run of it was");

        runs.clear();
        assertThat(check().lost()).hasSize(2);
    }

    @Test
    void aRunThatWroteNothingDiedNearAFault() {
        settled.set(0, new Settled("A", true, 2, 1030, 1031));
        assertThat(check().lost()).singleElement().asString().contains("said to have run 2 times and did 1");

        died.add(new Died("A", 1015));
        assertThat(check().lost()).hasSize(1);

        faults.add(new Fault("its instance", 1014));
        assertThat(check().lost()).isEmpty();

        settled.set(0, new Settled("A", true, 3, 1030, 1031));
        assertThat(check().lost()).hasSize(1);
    }

    @Test
    void aSecondRunNeedsAFaultBeforeIt() {
        runs.add(new Run("A", "a", true, 5000));
        assertThat(check().duplicates()).isEqualTo(1);
        assertThat(check().unexplained()).hasSize(1);

        faults.add(new Fault("late", 5001));
        faults.add(new Fault("early", 919));
        assertThat(check().unexplained()).hasSize(1);

        faults.add(new Fault("between", 1021));
        assertThat(check().unexplained()).isEmpty();
        assertThat(check().duplicates()).isEqualTo(1);
    }

    @Test
    void retriesThatTheOutcomeCountsAreNoDuplicates() {
        runs.addFirst(new Run("A", "a", false, 1015));
        settled.set(0, new Settled("A", true, 2, 1030, 1031));

        assertThat(check().violations()).isEmpty();
        assertThat(check().duplicates()).isZero();
    }

    @Test
    void aRevisionIsNoSecondOutcomeButAnotherOneIs() {
        settled.add(new Settled("A", true, 1, 1030, 1090));
        assertThat(check().violations()).isEmpty();

        settled.add(new Settled("A", true, 1, 1060, 1091));
        assertThat(check().doubleSettled()).hasSize(1);
    }

    @Test
    void phantomsAreFound() {
        runs.add(new Run("X", "x", true, 1020));
        runs.add(new Run("A2", "a", true, 1020));
        settled.add(new Settled("Y", false, 0, 1030, 1031));

        assertThat(check().phantom()).hasSize(3);
    }

    @Test
    void aDestinationHearsTheTruth() {
        delivered.add(new Delivered("A", true));
        assertThat(check().violations()).isEmpty();
        assertThat(check().redelivered()).isEqualTo(1);

        delivered.add(new Delivered("A", false));
        delivered.add(new Delivered("Z", true));
        assertThat(check().undelivered()).hasSize(2);

        delivered.clear();
        assertThat(check().undelivered()).containsExactly("A");
    }

    @Test
    void eventsThatAreMissingOrTooManyInASampleAreFound() {
        samples.add(new Sample(1022, 1023, 0));
        samples.add(new Sample(1040, 1045, 1));

        assertThat(check().leaks()).hasSize(2);
    }

    private Verdict check() {
        return CHECKER.check(new History(sent, runs, settled, delivered, died, faults, samples));
    }
}
