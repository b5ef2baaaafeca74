package dev.kappa.operator.environment;

import dev.kappa.lambda.VersionKey;
import dev.kappa.operator.environment.EnvironmentValues.Held;
import dev.kappa.operator.environment.Source.Kind;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Watches the metadata of Secrets and ConfigMaps, and reads those that versions name. */
public final class EnvironmentWatch {
    private static final Logger LOG = LoggerFactory.getLogger(EnvironmentWatch.class);
    private static final long PAGE = 500;

    private final KubernetesClient client;
    private final KubernetesClient metadata;
    private final boolean secrets;
    private final EnvironmentValues values;
    private final SourceStore<Secret> secretStore = new SourceStore<>(it -> isNamed(Kind.SECRET, it));
    private final SourceStore<ConfigMap> mapStore = new SourceStore<>(it -> isNamed(Kind.CONFIG_MAP, it));

    /**
     * Watches nothing yet.
     *
     * @param client reads objects
     * @param metadata a client with {@link MetadataOnly}, by which they are watched
     * @param secrets whether Secrets may be read
     * @param secret the installation's key
     */
    public EnvironmentWatch(KubernetesClient client, KubernetesClient metadata, boolean secrets, String secret) {
        this.client = client;
        this.metadata = metadata;
        this.secrets = secrets;
        this.values = new EnvironmentValues(secret, this::read);
    }

    /** What versions read of them. */
    public EnvironmentValues values() {
        return values;
    }

    /**
     * Begins to watch; tries for ever.
     *
     * @param changed hears of versions that name an object that changed
     */
    public void start(Consumer<VersionKey> changed) {
        watch(Kind.CONFIG_MAP, metadata.configMaps().inAnyNamespace(), mapStore, changed);
        if (secrets) {
            watch(Kind.SECRET, metadata.secrets().inAnyNamespace(), secretStore, changed);
        }
    }

    private <T extends HasMetadata> void watch(
            Kind kind, Informable<T> objects, SourceStore<T> store, Consumer<VersionKey> changed) {
        SharedIndexInformer<T> informer = objects.withLimit(PAGE)
                .runnableInformer(0)
                .removeNamespaceIndex()
                .itemStore(store)
                .addEventHandler(new ResourceEventHandler<T>() {
                    @Override
                    public void onAdd(T object) {
                        values.seen(source(kind, object), object.getMetadata().getResourceVersion(), changed);
                    }

                    @Override
                    public void onUpdate(T before, T object) {
                        onAdd(object);
                    }

                    @Override
                    public void onDelete(T object, boolean unknownState) {
                        values.seen(source(kind, object), null, changed);
                    }
                })
                .exceptionHandler((started, e) -> {
                    LOG.warn("{}s cannot be watched, so that instances do not follow them", kind, e);
                    return true;
                });
        var _ = informer.start();
    }

    private boolean isNamed(Kind kind, HasMetadata object) {
        return values.isNamed(source(kind, object));
    }

    private static Source source(Kind kind, HasMetadata object) {
        return new Source(
                kind, object.getMetadata().getNamespace(), object.getMetadata().getName());
    }

    private Held read(Source source) {
        if (source.kind() == Kind.SECRET && !secrets) {
            return Held.UNREADABLE;
        }
        try {
            return source.kind() == Kind.SECRET ? secret(source) : configMap(source);
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
                LOG.warn("{} may not be read, so that instances do not follow it", source, e);
                return Held.UNREADABLE;
            }
            throw e;
        }
    }

    private Held secret(Source source) {
        Secret secret = client.secrets()
                .inNamespace(source.namespace())
                .withName(source.name())
                .get();
        if (secret == null) {
            return Held.NOTHING;
        }
        // Of what the watch does not have it tells no deletion.
        keep(secretStore, secret, new Secret());
        Map<String, byte[]> held = new HashMap<>();
        decode(held, secret.getData());
        return new Held(secret.getMetadata().getResourceVersion(), held);
    }

    private Held configMap(Source source) {
        ConfigMap map = client.configMaps()
                .inNamespace(source.namespace())
                .withName(source.name())
                .get();
        if (map == null) {
            return Held.NOTHING;
        }
        keep(mapStore, map, new ConfigMap());
        Map<String, byte[]> held = new HashMap<>();
        if (map.getData() != null) {
            map.getData().forEach((key, value) -> held.put(key, value.getBytes(StandardCharsets.UTF_8)));
        }
        return new Held(map.getMetadata().getResourceVersion(), held);
    }

    private static <T extends HasMetadata> void keep(SourceStore<T> store, T object, T empty) {
        empty.setMetadata(object.getMetadata());
        store.put(store.getKey(empty), empty);
    }

    private static void decode(Map<String, byte[]> held, @Nullable Map<String, String> data) {
        if (data != null) {
            data.forEach((key, value) -> held.put(key, Base64.getDecoder().decode(value)));
        }
    }
}
