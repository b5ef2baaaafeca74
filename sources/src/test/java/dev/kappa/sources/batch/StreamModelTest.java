package dev.kappa.sources.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.sources.batch.ShardWorld.Wiring;
import dev.kappa.sources.batch.Turmoil.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A failed record is never lost, never skipped and never marked done, whatever breaks when; each mutant breaks that, and is caught. */
@Timeout(120)
class StreamModelTest {
    private static final int SCHEDULES = Integer.getInteger("kappa.schedules", 1_000);
    private static final int MUTANT_SCHEDULES = 100;

    @Test
    void theRealCodeKeepsItsPromisesInEverySchedule() {
        int faults = 0;
        int duplicates = 0;
        for (long seed = 0; seed < SCHEDULES; seed++) {
            Verdict verdict = new ShardWorld(seed, true, new Wiring() {}).run();
            assertThat(verdict.violations()).as("seed %d", seed).isEmpty();
            faults += verdict.faults();
            duplicates += verdict.duplicates();
        }
        // Else the schedules would prove nothing.
        assertThat(faults).isGreaterThan(SCHEDULES * 5);
        assertThat(duplicates).isGreaterThan(SCHEDULES / 10);
    }

    @Test
    void withoutFaultsNoRecordRunsTwice() {
        for (long seed = 0; seed < MUTANT_SCHEDULES; seed++) {
            Verdict verdict = new ShardWorld(seed, false, new Wiring() {}).run();
            assertThat(verdict).as("seed %d", seed).isEqualTo(new Verdict(java.util.Set.of(), 0, 0));
        }
    }

    @Test
    void aCheckpointBeforeTheRunSkipsRecords() {
        assertCaught("the checkpoint passed a record that is not settled", new Wiring() {
            @Override
            public boolean savesBeforeTheRun() {
                return true;
            }
        });
    }

    @Test
    void withoutCompareAndSetTwoOwnTheShard() {
        assertCaught("", new Wiring() {
            @Override
            public boolean comparesRevisions() {
                return false;
            }
        });
    }

    @Test
    void aKeyThatExpiresTakesTheCheckpointWithIt() {
        assertCaught("the checkpoint passed a record that is not settled", new Wiring() {
            @Override
            public boolean keyExpires() {
                return true;
            }
        });
    }

    @Test
    void aHeadThatFailedAndIsSkippedIsMarkedDone() {
        assertCaught("the checkpoint passed a record that is not settled", new Wiring() {
            @Override
            public Answer told(Answer answer) {
                return answer instanceof Answer.FunctionError ? Answer.Success.PLAIN : answer;
            }
        });
    }

    @Test
    void aBisectThatDropsAHalfLosesIt() {
        assertCaught("the checkpoint passed a record that is not settled", new Wiring() {
            @Override
            public Rules rules() {
                return new Rules() {
                    @Override
                    List<List<Entry>> halves(List<Entry> batch) {
                        List<List<Entry>> halves = super.halves(batch);
                        halves.getLast().forEach(Entry::settle);
                        return List.of(halves.getFirst());
                    }
                };
            }
        });
    }

    @Test
    void aPartialAnswerThatSettlesTooMuchSkipsTheFailedRecord() {
        assertCaught("the checkpoint passed a record that is not settled", new Wiring() {
            @Override
            public Rules rules() {
                return new Rules() {
                    @Override
                    int done(List<SourceRecord> batch, List<String> failed) {
                        return Math.min(batch.size(), super.done(batch, failed) + 1);
                    }
                };
            }
        });
    }

    @Test
    void aCheckpointWithoutTheStateLosesWhatWindowsDid() {
        assertCaught("a record is in no state of a window", new Wiring() {
            @Override
            public Checkpoint saved(Checkpoint checkpoint) {
                return Checkpoint.at(checkpoint.position());
            }
        });
    }

    @Test
    void lanesThatAreNotByKeyBreakItsOrder() {
        assertCaught("a record ran before an earlier one of its key was settled", new Wiring() {
            @Override
            public Rules rules() {
                return new Rules() {
                    @Override
                    int lane(SourceRecord record, int lanes) {
                        return record.id().hashCode() % lanes;
                    }
                };
            }
        });
    }

    @Test
    void aFailureRecordThatIsNotWaitedForIsLost() {
        assertCaught("the checkpoint passed a record that is not settled", new Wiring() {
            @Override
            public boolean storesBeforeItSettles() {
                return false;
            }
        });
    }

    @Test
    void anOwnerThatDoesNotFallSilentRunsBesideTheNextOne() {
        assertCaught("who does not own the shard ran a batch", new Wiring() {
            @Override
            public Instant mayActUntil(Instant until) {
                return Instant.MAX;
            }
        });
    }

    private static void assertCaught(String rule, Wiring mutant) {
        long caught = LongStream.range(0, MUTANT_SCHEDULES)
                .mapToObj(seed -> new ShardWorld(seed, true, mutant).run())
                .filter(verdict -> verdict.violations().stream().anyMatch(it -> it.contains(rule)))
                .count();
        if (Boolean.getBoolean("kappa.figures")) {
            System.out.println(
                    mutant.getClass().getEnclosingMethod().getName() + ": " + caught + " of " + MUTANT_SCHEDULES);
        }
        assertThat(caught).isGreaterThan(MUTANT_SCHEDULES / 25);
    }
}
