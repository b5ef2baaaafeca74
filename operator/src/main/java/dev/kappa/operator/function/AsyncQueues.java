package dev.kappa.operator.function;

import dev.kappa.api.v1alpha1.Function;
import dev.kappa.api.v1alpha1.FunctionStatus.AsyncStatus;
import dev.kappa.lambda.VersionKey;
import dev.kappa.wire.DemandReport;
import dev.kappa.wire.DemandReport.AsyncQueue;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** What gateways told of asynchronous events; a status follows it some seconds later, since nobody waits for that. */
public final class AsyncQueues {
    private static final Duration PAUSE = Duration.ofSeconds(5);

    private record Seen(AsyncQueue queue, Instant toldAt) {}

    private final Map<VersionKey, Seen> queues = new ConcurrentHashMap<>();
    private volatile Consumer<VersionKey> changed = id -> {};

    /**
     * Calls back for functions whose events changed.
     *
     * @param listener hears of them, each at most once in some seconds
     */
    public void onChanged(Consumer<VersionKey> listener) {
        changed = listener;
    }

    /**
     * Takes a report.
     *
     * @param report of a gateway
     * @param now the time
     */
    public void observe(DemandReport report, Instant now) {
        for (AsyncQueue queue : report.queues()) {
            VersionKey id = new VersionKey(queue.namespace(), queue.function(), VersionKey.LATEST);
            Seen before = queues.get(id);
            if (before == null
                    || (!before.queue().equals(queue)
                            && !before.toldAt().plus(PAUSE).isAfter(now))) {
                queues.put(id, new Seen(queue, now));
                changed.accept(id);
            }
        }
    }

    /**
     * Forgets functions that were deleted.
     *
     * @param exists whether there is a function of a name
     */
    public void retain(Predicate<VersionKey> exists) {
        queues.keySet().removeIf(exists.negate());
    }

    /** The asynchronous events of a function: as they were told, else as its status has them. */
    Optional<AsyncStatus> of(Function function) {
        Seen seen = queues.get(new VersionKey(
                function.getMetadata().getNamespace(), function.getMetadata().getName(), VersionKey.LATEST));
        if (seen == null) {
            return Optional.ofNullable(function.getStatus()).map(status -> status.async);
        }
        AsyncStatus status = new AsyncStatus();
        status.backlog = seen.queue().backlog();
        status.deadLetters = seen.queue().deadLetters();
        return Optional.of(status);
    }
}
