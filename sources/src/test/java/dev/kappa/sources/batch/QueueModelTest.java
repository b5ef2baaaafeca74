package dev.kappa.sources.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.sources.batch.QueueWorld.Wiring;
import dev.kappa.sources.batch.Turmoil.Verdict;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is not done stays in the queue, and groups keep their order, whatever breaks when; each mutant breaks that, and is caught. */
@Timeout(120)
class QueueModelTest {
    private static final int SCHEDULES = Integer.getInteger("kappa.schedules", 1_000);
    private static final int MUTANT_SCHEDULES = 100;

    @Test
    void theRealCodeKeepsItsPromisesInEverySchedule() {
        int faults = 0;
        int duplicates = 0;
        for (long seed = 0; seed < SCHEDULES; seed++) {
            Verdict verdict = new QueueWorld(seed, true, new Wiring() {}).run();
            assertThat(verdict.violations()).as("seed %d", seed).isEmpty();
            faults += verdict.faults();
            duplicates += verdict.duplicates();
        }
        // Else the schedules would prove nothing.
        assertThat(faults).isGreaterThan(SCHEDULES * 5);
        assertThat(duplicates).isGreaterThan(SCHEDULES / 10);
    }

    @Test
    void withoutFaultsNoRecordIsDoneTwice() {
        for (long seed = 0; seed < MUTANT_SCHEDULES; seed++) {
            Verdict verdict = new QueueWorld(seed, false, new Wiring() {}).run();
            assertThat(verdict).as("seed %d", seed).isEqualTo(new Verdict(Set.of(), 0, 0));
        }
    }

    @Test
    void anAckBeforeTheRunLosesRecords() {
        assertCaught("a record was acknowledged that is not done", new Wiring() {
            @Override
            public boolean acksBeforeTheRun() {
                return true;
            }
        });
    }

    @Test
    void aPartialAnswerThatAcknowledgesTooMuchLosesTheFailedRecord() {
        assertCaught("a record was acknowledged that is not done", new Wiring() {
            @Override
            public Rules rules() {
                return new Rules() {
                    @Override
                    Set<Held> done(List<Held> batch, Set<String> failed, boolean fifo) {
                        Set<Held> done = new HashSet<>(super.done(batch, failed, fifo));
                        batch.stream()
                                .filter(it -> !done.contains(it))
                                .findFirst()
                                .ifPresent(done::add);
                        return done;
                    }
                };
            }
        });
    }

    @Test
    void groupsThatAreForgottenLoseTheirOrder() {
        assertCaught("a record was acknowledged", new Wiring() {
            @Override
            public Rules rules() {
                return new Rules() {
                    @Override
                    Set<Held> done(List<Held> batch, Set<String> failed, boolean fifo) {
                        return super.done(batch, failed, false);
                    }
                };
            }
        });
    }

    private static void assertCaught(String rule, Wiring mutant) {
        long caught = LongStream.range(0, MUTANT_SCHEDULES)
                .mapToObj(seed -> new QueueWorld(seed, true, mutant).run())
                .filter(verdict -> verdict.violations().stream().anyMatch(it -> it.contains(rule)))
                .count();
        if (Boolean.getBoolean("kappa.figures")) {
            System.out.println(
                    mutant.getClass().getEnclosingMethod().getName() + ": " + caught + " of " + MUTANT_SCHEDULES);
        }
        assertThat(caught).isGreaterThan(MUTANT_SCHEDULES / 25);
    }
}
