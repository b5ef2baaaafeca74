package dev.kappa.operator.autoscaler;

import dev.kappa.lambda.VersionKey;
import dev.kappa.wire.Hello;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Which revisions have said hello, and how their handlers were; every operator replica keeps them. */
public final class Proofs {
    /**
     * What is known of a revision.
     *
     * @param revision which
     * @param errorType Lambda's errorType if the handler cannot be loaded, else null
     * @param errorMessage its message, else null
     * @param assumed whether an instance was seen whose hello nobody heard
     */
    public record Proof(
            String revision,
            @Nullable String errorType,
            @Nullable String errorMessage,
            boolean assumed) {
        /**
         * A hello of this revision was heard.
         *
         * @param revision which
         * @param errorType Lambda's errorType if the handler cannot be loaded, else null
         * @param errorMessage its message, else null
         */
        public static Proof heard(String revision, @Nullable String errorType, @Nullable String errorMessage) {
            return new Proof(revision, errorType, errorMessage, false);
        }

        /** Whether its handler was loaded. */
        public boolean isGood() {
            return errorType == null && !assumed;
        }
    }

    /**
     * An instance whose handler could not be loaded.
     *
     * @param revision of the instance
     * @param pod its name
     * @param message Lambda's errorType and errorMessage
     */
    public record Failure(String revision, String pod, String message) {}

    private final Map<VersionKey, Proof> proofs = new ConcurrentHashMap<>();
    private final Map<VersionKey, Failure> failures = new ConcurrentHashMap<>();

    /**
     * Looks up.
     *
     * @param id which version
     * @param revision its current revision
     * @return empty if no instance of it said hello to a gateway
     */
    public Optional<Proof> of(VersionKey id, String revision) {
        return Optional.ofNullable(proofs.get(id))
                .filter(proof -> proof.revision().equals(revision));
    }

    /**
     * The last instance that could not load its handler; it is told once.
     *
     * @param id which version
     * @param revision its current revision
     * @return empty if there is none that was not told yet
     */
    public Optional<Failure> takeFailure(VersionKey id, String revision) {
        return Optional.ofNullable(failures.remove(id))
                .filter(failure -> failure.revision().equals(revision));
    }

    /** What one instance could load, the revision can: another that fails is a failure of that instance. */
    void add(VersionKey id, Hello hello) {
        Proof heard = Proof.heard(hello.revision(), hello.initErrorType(), hello.initErrorMessage());
        if (heard.isGood()) {
            proofs.put(id, heard);
            return;
        }
        failures.put(
                id,
                new Failure(hello.revision(), hello.pod(), hello.initErrorType() + ": " + hello.initErrorMessage()));
        proofs.merge(
                id,
                heard,
                (known, failed) -> known.isGood() && known.revision().equals(failed.revision()) ? known : failed);
    }

    /** A gateway has a ready instance whose hello was before this process. */
    void seen(VersionKey id, String revision) {
        if (of(id, revision).isEmpty()) {
            proofs.put(id, new Proof(revision, null, null, true));
        }
    }

    Set<VersionKey> ids() {
        Set<VersionKey> ids = new HashSet<>(proofs.keySet());
        ids.addAll(failures.keySet());
        return ids;
    }

    void remove(VersionKey id) {
        proofs.remove(id);
        failures.remove(id);
    }
}
