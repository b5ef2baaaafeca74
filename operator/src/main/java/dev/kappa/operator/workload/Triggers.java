package dev.kappa.operator.workload;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Has resources reconciled for what no watch tells.
 *
 * @param <P> their kind
 */
public final class Triggers<P extends HasMetadata> {
    private final SimpleInboundEventSource<P> source = new SimpleInboundEventSource<>("triggers");
    private volatile @Nullable IndexerResourceCache<P> cache;

    /**
     * Learns which resources there are.
     *
     * @param context of the reconciler
     * @return to be registered by it
     */
    public EventSource<?, P> source(EventSourceContext<P> context) {
        cache = context.getPrimaryCache();
        return source;
    }

    /**
     * Has one reconciled soon.
     *
     * @param id which
     */
    public void one(ResourceID id) {
        source.propagateEvent(id);
    }

    /**
     * Has many reconciled soon.
     *
     * @param which those that it is true for
     */
    public void all(Predicate<P> which) {
        IndexerResourceCache<P> known = cache;
        if (known != null) {
            known.list(which).map(ResourceID::fromResource).toList().forEach(this::one);
        }
    }

    /**
     * Has a share of all resources reconciled soon, each of them once in so many calls. A timer for each would cost memory, and
     * that of the reconcilers' library keeps a cancelled one until its time comes.
     *
     * @param call number of the call, counted by the caller
     * @param calls after so many every resource was reconciled
     */
    public void share(long call, int calls) {
        IndexerResourceCache<P> known = cache;
        if (known != null) {
            known.keys()
                    .filter(id -> Math.floorMod(id.hashCode(), calls) == Math.floorMod(call, calls))
                    .toList()
                    .forEach(this::one);
        }
    }
}
