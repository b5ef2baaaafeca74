package dev.kappa.operator.workload;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.IndexedResourceCache;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
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
    private volatile @Nullable IndexedResourceCache<P> cache;

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
        IndexedResourceCache<P> known = cache;
        if (known != null) {
            known.list(which).map(ResourceID::fromResource).toList().forEach(this::one);
        }
    }
}
