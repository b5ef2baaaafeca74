package dev.kappa.operator.workload;

import dev.kappa.lambda.VersionKey;
import dev.kappa.operator.autoscaler.Proofs;
import dev.kappa.operator.autoscaler.Proofs.Failure;
import dev.kappa.operator.status.Events;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Tells of instances that do not start although others of their revision did: an Event, once a minute at most. */
public final class LostInstances {
    private static final Duration PAUSE = Duration.ofMinutes(1);
    private static final String REASON = "InstanceLost";

    private final Events events;
    private final Proofs proofs;
    private final Clock clock;
    private final Map<VersionKey, Instant> told = new ConcurrentHashMap<>();

    /**
     * Tells through Events.
     *
     * @param events where
     * @param proofs knows instances that could not load their handler
     * @param clock the time
     */
    public LostInstances(Events events, Proofs proofs, Clock clock) {
        this.events = events;
        this.proofs = proofs;
        this.clock = clock;
    }

    /**
     * Tells, if there is something to tell.
     *
     * @param id of a version
     * @param owner its Function or Version
     * @param revision its current one
     * @param good whether that has loaded its handler before; if not, the condition tells
     * @param problem why an instance does not start, if so; what the cluster refuses is told by a condition
     */
    void tell(VersionKey id, HasMetadata owner, String revision, boolean good, Optional<InstanceProblem> problem) {
        Optional<String> message = proofs.takeFailure(id, revision)
                .map(LostInstances::text)
                .or(() -> problem.filter(it -> !it.isOfResources())
                        .map(it -> "An instance does not start, " + it.reason() + ": " + it.message()));
        if (good && message.isPresent() && isDue(id)) {
            events.warning(owner, REASON, message.get());
        }
    }

    private static String text(Failure failure) {
        return "Instance " + failure.pod() + " could not initialise its handler, which others of revision "
                + failure.revision() + " did: " + failure.message();
    }

    private boolean isDue(VersionKey id) {
        Instant now = clock.instant();
        told.values().removeIf(last -> !last.plus(PAUSE).isAfter(now));
        return told.putIfAbsent(id, now) == null;
    }
}
