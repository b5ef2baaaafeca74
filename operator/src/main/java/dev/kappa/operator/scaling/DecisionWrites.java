package dev.kappa.operator.scaling;

import dev.kappa.lambda.VersionKey;
import dev.kappa.operator.autoscaler.Change;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Writes decisions beside each other, one of a version at a time; a version for which another decision comes meanwhile is
 * decided anew when its write has ended. Nobody waits for a write.
 */
final class DecisionWrites {
    private enum State {
        WRITING,
        OUTDATED
    }

    private final Map<VersionKey, State> states = new ConcurrentHashMap<>();
    private final Executor threads;
    private final Consumer<Change> write;
    private final Consumer<VersionKey> decide;

    DecisionWrites(Executor threads, Consumer<Change> write, Consumer<VersionKey> decide) {
        this.threads = threads;
        this.write = write;
        this.decide = decide;
    }

    void submit(List<Change> changes) {
        for (Change change : changes) {
            State state = states.merge(change.id(), State.WRITING, (known, one) -> State.OUTDATED);
            if (state == State.WRITING) {
                threads.execute(() -> run(change));
            }
        }
    }

    private void run(Change change) {
        try {
            write.accept(change);
        } finally {
            if (states.remove(change.id()) == State.OUTDATED) {
                decide.accept(change.id());
            }
        }
    }

    boolean isIdle() {
        return states.isEmpty();
    }
}
