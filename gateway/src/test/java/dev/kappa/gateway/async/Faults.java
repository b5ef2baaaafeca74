package dev.kappa.gateway.async;

import dev.kappa.history.History.Fault;
import dev.kappa.stores.events.QueueException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A clock that moves with each call of a store, and what goes wrong at these calls: drawn from a seed, and bounded. */
final class Faults {
    /** The gateway's process is gone; nothing catches this. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1;

        Killed() {
            super("killed", null, false, false);
        }
    }

    /** What a call of a store throws. */
    interface Call<T> {
        T run() throws QueueException;
    }

    private static final int ONE_IN = 8;
    private static final int MOST = 6;
    private static final int DEEPEST = 2;

    final Random random;
    final List<Fault> list = new ArrayList<>();
    long nowMs = 1_000_000;
    /** What other gateways do while this one stands still. */
    Runnable meanwhile = () -> {};

    private int depth;

    Faults(long seed) {
        this.random = new Random(seed);
    }

    /** A call that may fail, be the last one of its gateway, or find it standing still, before and after its effect. */
    <T> T around(String what, Call<T> call) throws QueueException {
        before(what);
        T result = call.run();
        before(what + "'s answer");
        return result;
    }

    boolean draw() {
        nowMs++;
        return list.size() < MOST && random.nextInt(ONE_IN) == 0;
    }

    void note(String what) {
        list.add(new Fault(what, nowMs));
        nowMs++;
    }

    private void before(String what) throws QueueException {
        if (!draw()) {
            return;
        }
        switch (random.nextInt(3)) {
            case 0 -> {
                note(what + " fails");
                throw new QueueException(what + " failed");
            }
            case 1 -> {
                note("killed at " + what);
                throw new Killed();
            }
            default -> {
                note("stands still at " + what);
                if (depth < DEEPEST) {
                    depth++;
                    try {
                        meanwhile.run();
                    } finally {
                        depth--;
                    }
                }
            }
        }
    }
}
