package dev.kappa.sources.batch;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/** A world of processes and calls in time of its own, in which a seed decides what takes how long and what breaks. */
public class Turmoil {
    public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static final Duration PATIENCE = Duration.ofMinutes(15);
    private static final Duration NEAR = Duration.ofSeconds(90);

    private final Random random;
    private final boolean breaks;
    private final Instant calm;
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparing(Event::at).thenComparingLong(Event::number));
    private final List<Instant> faults = new ArrayList<>();
    private final Map<String, Integer> done = new HashMap<>();
    private final Set<String> violations = new TreeSet<>();
    private Instant now = START;
    private long numbers;
    private int duplicates;

    /** What a run of a world showed. */
    public record Verdict(Set<String> violations, int faults, int duplicates) {}

    private record Event(Instant at, long number, Runnable what) {}

    /**
     * A world.
     *
     * @param seed decides
     * @param breaks whether anything breaks at all
     * @param turmoil from when on nothing breaks any more
     */
    protected Turmoil(long seed, boolean breaks, Duration turmoil) {
        random = new Random(seed * 1_000_003L);
        this.breaks = breaks;
        calm = START.plus(turmoil);
    }

    protected boolean isCalm() {
        return !now.isBefore(calm);
    }

    protected Instant now() {
        return now;
    }

    protected Random random() {
        return random;
    }

    /** Whether something that happens one time of many does now. */
    protected boolean breaks(int oneOf) {
        boolean broken = breaks && !isCalm() && random.nextInt(oneOf) == 0;
        if (broken) {
            faults.add(now);
        }
        return broken;
    }

    /**
     * Whether a process is asked to stop now, which is no fault: nothing is done twice for it, unless batches ran ahead of one
     * that waits.
     *
     * @param ahead whether they may
     */
    protected boolean stops(boolean ahead) {
        return ahead ? breaks(150) : !isCalm() && random.nextInt(150) == 0;
    }

    protected void later(int leastMillis, int mostMillis, Runnable what) {
        at(now.plusMillis(leastMillis + random.nextInt(mostMillis - leastMillis + 1)), what);
    }

    protected void at(Instant time, Runnable what) {
        events.add(new Event(time, numbers++, what));
    }

    protected void violated(String rule) {
        violations.add(rule);
    }

    /** The function did a record. */
    protected void did(String id) {
        if (done.merge(id, 1, Integer::sum) > 1) {
            duplicates++;
            if (faults.stream().noneMatch(it -> it.plus(NEAR).isAfter(now))) {
                violated("a duplicate without a fault");
            }
        }
    }

    protected boolean isDone(String id) {
        return done.containsKey(id);
    }

    protected Verdict run(java.util.function.BooleanSupplier atRest) {
        while (!events.isEmpty() && now.isBefore(calm.plus(PATIENCE)) && !(isCalm() && atRest.getAsBoolean())) {
            Event next = events.remove();
            now = next.at();
            next.what().run();
        }
        if (!atRest.getAsBoolean()) {
            violated("lost: it never came to rest");
        }
        return new Verdict(violations, faults.size(), duplicates);
    }

    /** A process that may stand still or die; what it had sent goes on without it. */
    protected abstract class ModelProcess {
        private Instant stillUntil = START;
        private boolean dead;

        protected abstract void tick();

        protected abstract void replacement();

        public void start() {
            deliver(this::ticks);
        }

        private void ticks() {
            if (breaks(150)) {
                stillUntil = now.plusSeconds(1L + random.nextInt(20));
            }
            tick();
            later(400, 600, () -> deliver(this::ticks));
        }

        protected void deliver(Runnable what) {
            if (dead) {
                return;
            }
            if (now.isBefore(stillUntil)) {
                at(stillUntil, () -> deliver(what));
            } else {
                what.run();
            }
        }

        /** At once; what it was about to do is not done. */
        protected void die() {
            if (!dead) {
                dead = true;
                later(0, 5000, this::replacement);
            }
        }

        /**
         * A call, during which the process may die before or after its effect.
         *
         * @param effect what it does, and what it tells the caller
         * @param unknown what the caller gets if the answer, and perhaps the call, is lost
         * @param mostMillis how long each way takes
         * @param twice whether the answer may come twice
         */
        protected void call(
                java.util.function.Supplier<Runnable> effect, Runnable unknown, int mostMillis, boolean twice) {
            if (breaks(250)) {
                die();
                return;
            }
            if (breaks(60)) {
                later(100, 3000, () -> deliver(unknown));
                return;
            }
            later(1, mostMillis, () -> {
                Runnable answer = effect.get();
                if (breaks(250)) {
                    die();
                    return;
                }
                boolean lost = breaks(60);
                later(1, mostMillis, () -> deliver(lost ? unknown : answer));
                if (twice && breaks(40)) {
                    later(1, 5000, () -> deliver(answer));
                }
            });
        }
    }
}
