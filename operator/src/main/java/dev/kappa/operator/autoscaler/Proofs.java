package dev.kappa.operator.autoscaler;

import dev.kappa.wire.Hello;
import java.util.Map;
import java.util.Optional;
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
     */
    public record Proof(
            String revision,
            @Nullable String errorType,
            @Nullable String errorMessage) {}

    private final Map<VersionId, Proof> proofs = new ConcurrentHashMap<>();

    /**
     * Looks up.
     *
     * @param id which version
     * @param revision its current revision
     * @return empty if no instance of it said hello to a gateway
     */
    public Optional<Proof> of(VersionId id, String revision) {
        return Optional.ofNullable(proofs.get(id))
                .filter(proof -> proof.revision().equals(revision));
    }

    void add(VersionId id, Hello hello) {
        proofs.put(id, new Proof(hello.revision(), hello.initErrorType(), hello.initErrorMessage()));
    }

    /** A gateway has a ready instance whose hello was before this process. */
    void seen(VersionId id, String revision) {
        if (of(id, revision).isEmpty()) {
            proofs.put(id, new Proof(revision, null, null));
        }
    }

    void remove(VersionId id) {
        proofs.remove(id);
    }
}
