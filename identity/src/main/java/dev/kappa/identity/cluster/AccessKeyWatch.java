package dev.kappa.identity.cluster;

import dev.kappa.identity.AccessKeys;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Watches the Secrets that hold access keys; asks the API server for those of their type only. */
public final class AccessKeyWatch {
    /** In the place of a list of namespaces: all of them. */
    public static final String EVERYWHERE = "*";

    private static final Logger LOG = LoggerFactory.getLogger(AccessKeyWatch.class);

    /** A namespace that was deleted must not keep the process from serving the callers of the others. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final AccessKeys keys;
    private final Instant begun = Instant.now();
    private final Map<String, SharedIndexInformer<Secret>> informers = new TreeMap<>();

    /**
     * Does not watch yet.
     *
     * @param client the API server
     * @param namespaces whose Secrets count, or {@link #EVERYWHERE}
     * @param keys learns of them
     */
    public AccessKeyWatch(KubernetesClient client, List<String> namespaces, AccessKeys keys) {
        this.keys = keys;
        if (namespaces.contains(EVERYWHERE)) {
            informers.put("all namespaces", informer(client.secrets().inAnyNamespace()));
        } else {
            namespaces.forEach(it ->
                    informers.put("namespace " + it, informer(client.secrets().inNamespace(it))));
        }
    }

    private static SharedIndexInformer<Secret> informer(FilterWatchListDeletable<Secret, SecretList, ?> secrets) {
        Informable<Secret> keys = secrets.withField("type", AccessKeySecrets.TYPE);
        return keys.runnableInformer(0);
    }

    /** Begins to watch; tries for ever. */
    public void start() {
        for (SharedIndexInformer<Secret> informer : informers.values()) {
            informer.addEventHandler(new ResourceEventHandler<Secret>() {
                @Override
                public void onAdd(Secret added) {
                    take(added);
                }

                @Override
                public void onUpdate(Secret before, Secret after) {
                    take(after);
                }

                @Override
                public void onDelete(Secret deleted, boolean finalStateUnknown) {
                    keys.remove(
                            deleted.getMetadata().getNamespace(),
                            deleted.getMetadata().getName());
                }
            });
            informer.exceptionHandler((started, e) -> {
                LOG.warn("Access keys cannot be watched, and those that are not known are refused", e);
                return true;
            });
            var _ = informer.start();
        }
    }

    private void take(Secret secret) {
        String namespace = secret.getMetadata().getNamespace();
        String name = secret.getMetadata().getName();
        try {
            keys.put(
                    namespace,
                    name,
                    secret.getMetadata().getCreationTimestamp(),
                    AccessKeySecrets.read(namespace, secret.getData() == null ? Map.of() : secret.getData()));
        } catch (IllegalArgumentException e) {
            keys.remove(namespace, name);
            LOG.warn("Secret {} of namespace {} is no access key: {}", name, namespace, e.getMessage());
        }
    }

    /**
     * What is still awaited.
     *
     * @return a sentence for each namespace whose keys were not listed yet; none after half a minute
     */
    public List<String> missing() {
        return Instant.now().isAfter(begun.plus(PATIENCE)) ? List.of() : notListed();
    }

    private List<String> notListed() {
        return informers.entrySet().stream()
                .filter(it -> !it.getValue().hasSynced())
                .map(it -> "informer of the access keys of " + it.getKey() + " has not listed yet")
                .toList();
    }
}
