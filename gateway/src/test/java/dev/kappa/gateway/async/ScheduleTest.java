package dev.kappa.gateway.async;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.gateway.async.Schedule.Wiring;
import dev.kappa.history.Checker;
import dev.kappa.history.Verdict;
import dev.kappa.lambda.FunctionKey;
import dev.kappa.stores.events.AsyncEvent;
import dev.kappa.stores.events.Attempts;
import dev.kappa.stores.events.EventQueue;
import dev.kappa.stores.events.EventQueue.Delivery;
import dev.kappa.stores.events.Outcome;
import dev.kappa.stores.events.OutcomeStore;
import dev.kappa.stores.events.QueueException;
import io.vertx.core.Vertx;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The real code keeps its promises in any schedule; each mutant of it breaks one, and is caught. */
class ScheduleTest {
    private static final int SCHEDULES = 5_000;
    private static final int MUTANT_SCHEDULES = 500;
    private static final Checker CHECKER = new Checker(0, Schedule.EVENTS, true);
    private static final Logger NOISE = Logger.getLogger("dev.kappa.gateway.async");
    private static final Vertx VERTX = Vertx.vertx();
    private static final WebHooks WEB_HOOKS = new WebHooks(VERTX, new WebHookSigner("secret"), List.of());

    @BeforeAll
    static void silence() {
        NOISE.setLevel(Level.OFF);
    }

    @AfterAll
    static void stop() {
        NOISE.setLevel(null);
        VERTX.close();
    }

    @Test
    void theRealCodeKeepsItsPromisesInEverySchedule() {
        int duplicates = 0;
        int faults = 0;
        for (long seed = 0; seed < SCHEDULES; seed++) {
            var history = new Schedule(seed, new Wiring() {}, WEB_HOOKS).run();
            Verdict verdict = CHECKER.check(history);
            assertThat(verdict.violations())
                    .as("seed %d, faults %s", seed, history.faults())
                    .isEmpty();
            duplicates += verdict.duplicates();
            faults += history.faults().size();
        }
        // Else the schedules would prove nothing.
        assertThat(duplicates).isGreaterThan(SCHEDULES / 10);
        assertThat(faults).isGreaterThan(SCHEDULES);
    }

    @Test
    void an202BeforeTheWriteLosesEvents() {
        assertCaught(Verdict::lost, new Wiring() {
            @Override
            public EventQueue queue(BreakingStores stores) {
                return (EventQueue) Proxy.newProxyInstance(
                        getClass().getClassLoader(), new Class<?>[] {EventQueue.class}, (proxy, method, arguments) -> {
                            try {
                                stores.publish((AsyncEvent) arguments[0]);
                            } catch (QueueException | IllegalStateException e) {
                                // The caller has its answer already.
                            }
                            return null;
                        });
            }
        });
    }

    @Test
    void anAckBeforeTheRunLosesEvents() {
        assertCaught(Verdict::lost, new Wiring() {
            @Override
            public Delivery delivery(Delivery delivery) throws QueueException {
                delivery.done();
                return delivery;
            }
        });
    }

    @Test
    void withoutTheFenceEventsEndTwice() {
        assertCaught(Verdict::doubleSettled, new Wiring() {
            @Override
            public OutcomeStore outcomes(BreakingStores stores) {
                return new Changed(stores) {
                    @Override
                    public Outcome create(Outcome outcome) throws QueueException {
                        stores.progress(outcome);
                        return outcome;
                    }
                };
            }
        });
    }

    @Test
    void anAckBeforeTheDestinationLosesRecords() {
        assertCaught(Verdict::undelivered, new Wiring() {
            @Override
            public OutcomeStore outcomes(BreakingStores stores) {
                return new Changed(stores) {
                    @Override
                    public Outcome create(Outcome outcome) throws QueueException {
                        Outcome kept = stores.create(outcome);
                        stores.messages.remove(outcome.requestId());
                        return kept;
                    }
                };
            }
        });
    }

    private static void assertCaught(Function<Verdict, List<String>> finding, Wiring mutant) {
        assertThat(LongStream.range(0, MUTANT_SCHEDULES)
                        .mapToObj(seed -> CHECKER.check(new Schedule(seed, mutant, WEB_HOOKS).run()))
                        .map(finding)
                        .filter(it -> !it.isEmpty())
                        .count())
                .isGreaterThan(MUTANT_SCHEDULES / 25);
    }

    /** The stores, but for what a mutant overrides. */
    private static class Changed implements OutcomeStore {
        private final OutcomeStore stores;

        Changed(OutcomeStore stores) {
            this.stores = stores;
        }

        @Override
        public Optional<Outcome> find(FunctionKey function, String requestId) throws QueueException {
            return stores.find(function, requestId);
        }

        @Override
        public Outcome create(Outcome outcome) throws QueueException {
            return stores.create(outcome);
        }

        @Override
        public void progress(Outcome outcome) throws QueueException {
            stores.progress(outcome);
        }

        @Override
        public Attempts attempts(FunctionKey function, String requestId) throws QueueException {
            return stores.attempts(function, requestId);
        }

        @Override
        public void failed(FunctionKey function, String requestId, Attempts attempts) throws QueueException {
            stores.failed(function, requestId, attempts);
        }
    }
}
