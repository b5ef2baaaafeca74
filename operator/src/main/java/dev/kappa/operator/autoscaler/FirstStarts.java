package dev.kappa.operator.autoscaler;

import dev.kappa.lambda.VersionKey;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.function.Predicate;

/** Bounds how many versions are started at once only to prove their handlers; the others wait, the first one first. */
final class FirstStarts {
    private final int atOnce;
    private final Set<VersionKey> begun = new HashSet<>();
    private final SequencedSet<VersionKey> waiting = new LinkedHashSet<>();

    FirstStarts(int atOnce) {
        this.atOnce = atOnce;
    }

    /**
     * Whether a version may be started now.
     *
     * @param id which
     * @param wanted whether it is to be; false forgets that it waits
     * @param isStarting whether a version that began has not said hello yet
     */
    boolean mayStart(VersionKey id, boolean wanted, Predicate<VersionKey> isStarting) {
        if (!wanted) {
            waiting.remove(id);
            return false;
        }
        begun.removeIf(isStarting.negate());
        if (begun.size() >= atOnce) {
            waiting.add(id);
            return false;
        }
        waiting.remove(id);
        return true;
    }

    void begun(VersionKey id) {
        begun.add(id);
    }

    /** One that waits, to be asked for again now that another has said hello. */
    Optional<VersionKey> next() {
        return waiting.isEmpty() ? Optional.empty() : Optional.of(waiting.removeFirst());
    }

    void remove(VersionKey id) {
        begun.remove(id);
        waiting.remove(id);
    }
}
