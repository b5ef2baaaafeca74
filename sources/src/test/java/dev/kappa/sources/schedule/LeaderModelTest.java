package dev.kappa.sources.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.sources.batch.Turmoil.Verdict;
import dev.kappa.sources.schedule.LeaderWorld.Wiring;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A tick has one event, whichever leader dies when; each mutant breaks that, and is caught. */
@Timeout(120)
class LeaderModelTest {
    private static final int SCHEDULES = Integer.getInteger("kappa.schedules", 200);
    private static final int MUTANT_SCHEDULES = 100;

    @Test
    void everyTickHasOneEventAcrossLeaders() {
        int faults = 0;
        int missed = 0;
        for (long seed = 0; seed < SCHEDULES; seed++) {
            LeaderWorld world = new LeaderWorld(seed, new Wiring() {});
            Verdict verdict = world.run();
            assertThat(verdict.violations()).as("seed %d", seed).isEmpty();
            faults += verdict.faults();
            missed += world.missed();
        }
        assertThat(faults).isGreaterThan(SCHEDULES * 20);
        // Only where both processes were away for a minute.
        assertThat(missed).isLessThan(SCHEDULES / 10);
    }

    @Test
    void aTickThatIsSettledBeforeItsEventIsAcceptedIsLost() {
        assertCaught("a tick has no event", new Wiring() {
            @Override
            public boolean settlesBeforeItSends() {
                return true;
            }
        });
    }

    @Test
    void anIdThatIsNotTheTicksDoublesEvents() {
        assertCaught("a tick has two events", new Wiring() {
            @Override
            public String requestId(String id) {
                return UUID.randomUUID().toString();
            }
        });
    }

    private static void assertCaught(String rule, Wiring mutant) {
        long caught = LongStream.range(0, MUTANT_SCHEDULES)
                .mapToObj(seed -> new LeaderWorld(seed, mutant).run())
                .filter(verdict -> verdict.violations().stream().anyMatch(it -> it.contains(rule)))
                .count();
        if (Boolean.getBoolean("kappa.figures")) {
            System.out.println(
                    mutant.getClass().getEnclosingMethod().getName() + ": " + caught + " of " + MUTANT_SCHEDULES);
        }
        assertThat(caught).isGreaterThan(MUTANT_SCHEDULES / 25);
    }
}
