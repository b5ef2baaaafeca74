package dev.kappa.operator.promotion;

import dev.kappa.api.v1alpha1.AliasSpec.Routing;
import dev.kappa.api.v1alpha1.AliasStatus;
import dev.kappa.api.v1alpha1.AliasStatus.RolloutRecord;
import dev.kappa.api.v1alpha1.AliasStatus.RolloutStatus;
import dev.kappa.operator.rollout.Phase;
import dev.kappa.operator.rollout.Progress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A rollout's state in the alias's status, which is the only place where it is kept. */
final class RolloutStates {
    private static final int KEPT = 10;

    private RolloutStates() {}

    static Optional<Progress> read(AliasStatus status) {
        RolloutStatus rollout = status.rollout;
        if (rollout == null) {
            return Optional.empty();
        }
        return Optional.of(new Progress(
                Phase.of(rollout.phase),
                rollout.from,
                rollout.to,
                rollout.attempt,
                status.routing == null ? 0 : (int) Math.round(status.routing.weight),
                rollout.instances,
                Instant.parse(rollout.startedAt),
                Instant.parse(rollout.since),
                rollout.message));
    }

    /** Writes the state and what it means for events; one that ended goes to the history. */
    static void write(Progress progress, String strategy, AliasStatus status) {
        status.rollout = new RolloutStatus();
        status.rollout.phase = progress.phase().text();
        status.rollout.from = progress.from();
        status.rollout.to = progress.to();
        status.rollout.attempt = progress.attempt();
        status.rollout.instances = progress.instances();
        status.rollout.startedAt = progress.startedAt().toString();
        status.rollout.since = progress.since().toString();
        status.rollout.message = progress.message();
        boolean succeeded = progress.phase() == Phase.SUCCEEDED;
        status.version = succeeded ? progress.to() : progress.from();
        if (progress.phase().isRunning() && progress.weight() > 0) {
            status.routing = new Routing();
            status.routing.version = progress.to();
            status.routing.weight = (double) progress.weight();
        }
        if (!progress.phase().isRunning()) {
            status.history = remember(status.history, progress, strategy);
        }
    }

    /** The history with one more ended rollout, the newest first. */
    static List<RolloutRecord> remember(List<RolloutRecord> history, Progress progress, String strategy) {
        RolloutRecord entry = new RolloutRecord();
        entry.from = progress.from();
        entry.to = progress.to();
        entry.strategy = strategy;
        entry.startedAt = progress.startedAt().toString();
        entry.endedAt = progress.since().toString();
        entry.result = progress.phase().text();
        entry.message = progress.message();
        List<RolloutRecord> all = new ArrayList<>(List.of(entry));
        if (history != null) {
            all.addAll(history);
        }
        return List.copyOf(all.subList(0, Math.min(all.size(), KEPT)));
    }
}
