package dev.kappa.gateway.cluster;

import dev.kappa.api.v1alpha1.Code;
import dev.kappa.api.v1alpha1.Function;
import dev.kappa.api.v1alpha1.FunctionSpec;
import dev.kappa.api.v1alpha1.FunctionStatus;
import dev.kappa.api.v1alpha1.FunctionStatus.StoredLayer;
import dev.kappa.api.v1alpha1.FunctionVersion;
import dev.kappa.api.v1alpha1.Layer;
import dev.kappa.api.v1alpha1.LayerSpec;
import dev.kappa.api.v1alpha1.PublishedLayer;
import dev.kappa.api.v1alpha1.VersionSpec;
import dev.kappa.gateway.packages.PackageCollector;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Asks the API server which packages Functions, Versions and Layers name: those that run, and those that are asked for. */
public final class NamedPackages implements PackageCollector.References {
    private static final long PAGE = 200;

    private final KubernetesClient client;

    /**
     * Asks a cluster.
     *
     * @param client the API server
     */
    public NamedPackages(KubernetesClient client) {
        this.client = client;
    }

    @Override
    public Set<String> packages() throws IOException {
        Set<String> named = new HashSet<>();
        try {
            each(Function.class, (function, names) -> of(function, names), named);
            each(FunctionVersion.class, (version, names) -> of(version, names), named);
            each(PublishedLayer.class, (layer, names) -> of(layer, names), named);
        } catch (KubernetesClientException e) {
            throw new IOException("the API server does not list Functions, Versions and Layers: " + e.getMessage(), e);
        }
        return named;
    }

    static void of(Function function, Set<String> named) {
        String namespace = function.getMetadata().getNamespace();
        add(namespace, function.getSpec(), named);
        add(namespace, function.getStatus(), named);
    }

    static void of(FunctionVersion version, Set<String> named) {
        String namespace = version.getMetadata().getNamespace();
        add(namespace, version.getStatus(), named);
        VersionSpec spec = version.getSpec();
        if (spec != null && spec.snapshot != null) {
            add(namespace, spec.snapshot.codeSha256, named);
            addLayers(namespace, spec.snapshot.layers, named);
            add(namespace, spec.snapshot.function, named);
        }
    }

    static void of(PublishedLayer layer, Set<String> named) {
        LayerSpec spec = layer.getSpec();
        if (spec != null && spec.versions != null) {
            spec.versions.values().forEach(it -> {
                if (it.uploaded != null) {
                    add(layer.getMetadata().getNamespace(), it.uploaded.sha256, named);
                }
            });
        }
    }

    private <T extends HasMetadata> void each(Class<T> kind, BiConsumer<T, Set<String>> of, Set<String> named) {
        String next = null;
        do {
            KubernetesResourceList<T> page = client.resources(kind)
                    .inAnyNamespace()
                    .list(new ListOptionsBuilder()
                            .withLimit(PAGE)
                            .withContinue(next)
                            .build());
            page.getItems().forEach(it -> of.accept(it, named));
            next = page.getMetadata().getContinue();
        } while (next != null && !next.isEmpty());
    }

    private static void add(String namespace, @Nullable FunctionStatus status, Set<String> named) {
        if (status != null) {
            add(namespace, status.codeSha256, named);
            addLayers(namespace, status.layers, named);
        }
    }

    private static void add(String namespace, @Nullable FunctionSpec spec, Set<String> named) {
        if (spec == null || spec.code == null) {
            return;
        }
        Code code = spec.code;
        if (code.uploaded != null) {
            add(namespace, code.uploaded.sha256, named);
        }
        if (code.url != null) {
            add(namespace, code.url.sha256, named);
        }
        if (spec.layers != null) {
            spec.layers.forEach(layer -> add(namespace, layer, named));
        }
    }

    private static void add(String namespace, Layer layer, Set<String> named) {
        if (layer.uploaded != null) {
            add(namespace, layer.uploaded.sha256, named);
        }
        if (layer.url != null) {
            add(namespace, layer.url.sha256, named);
        }
    }

    private static void addLayers(String namespace, @Nullable List<StoredLayer> layers, Set<String> named) {
        if (layers != null) {
            layers.forEach(layer -> add(namespace, layer.sha256, named));
        }
    }

    private static void add(String namespace, @Nullable String sha256, Set<String> named) {
        if (sha256 != null && !sha256.isEmpty()) {
            named.add(namespace + "/" + sha256);
        }
    }
}
