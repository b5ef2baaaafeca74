package dev.kappa.sources.cluster;

import dev.kappa.api.v1alpha1.EventSource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hears of all event sources; tries for ever. */
public final class SourceWatch {
    private static final Logger LOG = LoggerFactory.getLogger(SourceWatch.class);
    private static final long PAGE = 200;

    private final SharedIndexInformer<EventSource> informer;

    /**
     * Does not watch yet.
     *
     * @param client the API server
     * @param present gets every source that came or changed
     * @param gone gets every source that went
     */
    public SourceWatch(KubernetesClient client, Consumer<EventSource> present, Consumer<EventSource> gone) {
        informer = client.resources(EventSource.class)
                .inAnyNamespace()
                .withLimit(PAGE)
                .runnableInformer(0);
        informer.removeNamespaceIndex();
        informer.addEventHandler(new ResourceEventHandler<EventSource>() {
            @Override
            public void onAdd(EventSource added) {
                present.accept(added);
            }

            @Override
            public void onUpdate(EventSource before, EventSource after) {
                present.accept(after);
            }

            @Override
            public void onDelete(EventSource deleted, boolean finalStateUnknown) {
                gone.accept(deleted);
            }
        });
        informer.exceptionHandler((started, e) -> {
            LOG.warn("Event sources cannot be watched, it is tried again: {}", e.getMessage());
            return true;
        });
    }

    /** Begins to watch. */
    public void start() {
        var _ = informer.start();
    }

    /** What is still awaited: a sentence, or nothing. */
    public List<String> missing() {
        return informer.hasSynced() ? List.of() : List.of("event sources are not listed yet");
    }
}
