package dev.kappa.controlplane.cluster;

import dev.kappa.api.v1alpha1.ApiGroup;
import dev.kappa.api.v1alpha1.Finalizers;
import dev.kappa.controlplane.api.Kind;
import dev.kappa.controlplane.api.Resource;
import dev.kappa.controlplane.api.ResourceException;
import dev.kappa.controlplane.api.ResourceStore;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads and writes the custom resources through the Kubernetes client. */
public final class KubernetesResourceStore implements ResourceStore {
    private static final String FUNCTION = "spec.function";
    private static final PatchContext MERGE = new PatchContext.Builder()
            .withPatchType(PatchType.JSON_MERGE)
            .withFieldManager("kappa-api")
            .build();

    private final KubernetesClient client;

    /**
     * Writes through a client.
     *
     * @param client the API server
     */
    public KubernetesResourceStore(KubernetesClient client) {
        this.client = client;
    }

    @Override
    public Optional<Resource> get(Kind kind, String namespace, String name) {
        return Optional.ofNullable(asked(
                        () -> of(kind).inNamespace(namespace).withName(name).get()))
                .map(it -> read(kind, it));
    }

    @Override
    public List<Resource> list(Kind kind, String namespace) {
        return asked(() -> of(kind).inNamespace(namespace).list().getItems()).stream()
                .map(it -> read(kind, it))
                .toList();
    }

    @Override
    public List<Resource> listOf(Kind kind, String namespace, String function) {
        try {
            return asked(() -> of(kind).inNamespace(namespace)
                            .withField(FUNCTION, function)
                            .list()
                            .getItems())
                    .stream()
                    .map(it -> read(kind, it))
                    .toList();
        } catch (ResourceException e) {
            if (!e.isBadRequest()) {
                throw e;
            }
            // The CRDs are those of an older release, or Kubernetes is older than 1.31: the field cannot be selected
            // by.
            return list(kind, namespace).stream()
                    .filter(it -> function.equals(it.spec().getString("function")))
                    .toList();
        }
    }

    @Override
    public Resource create(Kind kind, Resource owner, String name, JsonObject spec) {
        return create(
                kind,
                spec,
                new ObjectMetaBuilder()
                        .withNamespace(owner.namespace())
                        .withName(name)
                        .withFinalizers(kind == Kind.VERSION ? List.of(Finalizers.VERSION) : List.of())
                        .withOwnerReferences(new OwnerReferenceBuilder()
                                .withApiVersion(ApiGroup.API_VERSION)
                                .withKind(owner.kind().singular())
                                .withName(owner.name())
                                .withUid(owner.uid())
                                .withBlockOwnerDeletion(false)
                                .build())
                        .build());
    }

    @Override
    public Resource create(Kind kind, String namespace, String name, JsonObject spec) {
        return create(
                kind,
                spec,
                new ObjectMetaBuilder().withNamespace(namespace).withName(name).build());
    }

    private Resource create(Kind kind, JsonObject spec, ObjectMeta metadata) {
        GenericKubernetesResource resource = new GenericKubernetesResource();
        resource.setApiVersion(ApiGroup.API_VERSION);
        resource.setKind(kind.singular());
        resource.setMetadata(metadata);
        resource.setAdditionalProperty("spec", Serialization.unmarshal(spec.encode(), Map.class));
        return read(
                kind,
                asked(() -> of(kind).inNamespace(metadata.getNamespace())
                        .resource(resource)
                        .create()));
    }

    @Override
    public Resource patch(Resource read, JsonObject spec) {
        String patch = new JsonObject()
                .put("metadata", new JsonObject().put("resourceVersion", read.resourceVersion()))
                .put("spec", spec)
                .encode();
        return read(
                read.kind(),
                asked(() -> of(read.kind())
                        .inNamespace(read.namespace())
                        .withName(read.name())
                        .patch(MERGE, patch)));
    }

    @Override
    public void delete(Resource read) {
        asked(() -> of(read.kind())
                .inNamespace(read.namespace())
                .withName(read.name())
                .delete());
    }

    private MixedOperation<
                    GenericKubernetesResource,
                    GenericKubernetesResourceList,
                    io.fabric8.kubernetes.client.dsl.Resource<GenericKubernetesResource>>
            of(Kind kind) {
        return client.genericKubernetesResources(new ResourceDefinitionContext.Builder()
                .withGroup(ApiGroup.NAME)
                .withVersion(ApiGroup.VERSION)
                .withKind(kind.singular())
                .withPlural(kind.plural())
                .withNamespaced(true)
                .build());
    }

    private static <T extends @Nullable Object> T asked(Supplier<T> call) {
        try {
            return call.get();
        } catch (KubernetesClientException e) {
            String message = e.getStatus() == null ? null : e.getStatus().getMessage();
            throw new ResourceException(e.getCode(), message == null ? String.valueOf(e.getMessage()) : message, e);
        }
    }

    private static Resource read(Kind kind, GenericKubernetesResource resource) {
        ObjectMeta metadata = resource.getMetadata();
        return new Resource(
                kind,
                metadata.getNamespace(),
                metadata.getName(),
                metadata.getUid(),
                metadata.getGeneration(),
                metadata.getResourceVersion(),
                Instant.parse(metadata.getCreationTimestamp()),
                modified(metadata),
                metadata.getDeletionTimestamp() != null,
                json(resource.getAdditionalProperties().get("spec")),
                json(resource.getAdditionalProperties().get("status")));
    }

    private static JsonObject json(@Nullable Object part) {
        return part == null ? new JsonObject() : new JsonObject(Serialization.asJson(part));
    }

    /** The API server writes down who set fields of a resource and when; the status has entries of its own. */
    private static Instant modified(ObjectMeta metadata) {
        Instant created = Instant.parse(metadata.getCreationTimestamp());
        return metadata.getManagedFields().stream()
                .filter(it -> it.getSubresource() == null || it.getSubresource().isEmpty())
                .map(ManagedFieldsEntry::getTime)
                .filter(Objects::nonNull)
                .map(Instant::parse)
                .max(Comparator.naturalOrder())
                .orElse(created);
    }
}
