package dev.kappa.gateway.demand;

import dev.kappa.lambda.VersionKey;
import dev.kappa.wire.DemandReport.LostInstance;
import dev.kappa.wire.Hello;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What one operator replica has not been told yet; at most one report to it is on its way. */
final class OperatorLink {
    /** An operator that is away for long learns the rest from the full report. */
    private static final int MAX_PENDING = 10_000;

    /**
     * What to report.
     *
     * @param full whether all versions are to be listed
     * @param changed the versions to list otherwise
     * @param hellos instances that said hello
     * @param lost instances that were lost
     */
    record Batch(boolean full, Set<VersionKey> changed, List<Hello> hellos, List<LostInstance> lost) {}

    final String host;
    private boolean full = true;
    private Set<VersionKey> changed = new HashSet<>();
    private List<Hello> hellos = new ArrayList<>();
    private List<LostInstance> lost = new ArrayList<>();
    private boolean sending;

    OperatorLink(String host) {
        this.host = host;
    }

    synchronized void full() {
        full = true;
    }

    synchronized void changed(VersionKey version) {
        changed.add(version);
    }

    synchronized void hello(Hello hello) {
        if (hellos.size() < MAX_PENDING) {
            hellos.add(hello);
        }
    }

    synchronized void lost(LostInstance instance) {
        if (lost.size() < MAX_PENDING) {
            lost.add(instance);
        }
    }

    /** Takes what is pending, if there is something and nothing is on its way. */
    synchronized Optional<Batch> take() {
        if (sending || (!full && changed.isEmpty() && hellos.isEmpty() && lost.isEmpty())) {
            return Optional.empty();
        }
        Batch batch = new Batch(full, changed, hellos, lost);
        full = false;
        changed = new HashSet<>();
        hellos = new ArrayList<>();
        lost = new ArrayList<>();
        sending = true;
        return Optional.of(batch);
    }

    synchronized void delivered() {
        sending = false;
    }

    /** Keeps what did not arrive for the next heartbeat. */
    synchronized void failed(Batch batch) {
        sending = false;
        full |= batch.full();
        changed.addAll(batch.changed());
        hellos.addAll(0, batch.hellos());
        lost.addAll(0, batch.lost());
    }
}
