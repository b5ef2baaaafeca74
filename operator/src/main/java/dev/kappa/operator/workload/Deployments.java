package dev.kappa.operator.workload;

import dev.kappa.api.v1alpha1.Annotations;
import dev.kappa.operator.status.RefusedWriteException;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentSpec;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Applies Deployments and leaves their replicas to the autoscaler: the field is sent only until the autoscaler's field
 * manager owns it, which happens right after the creation. A crash between the two is mended by the next call.
 */
public final class Deployments {
    /** Field manager of everything but the scale. */
    public static final String MANAGER = "kappa-operator";

    private static final PatchContext APPLY = new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager(MANAGER)
            .withForce(true)
            .build();

    /** After so long it is applied although nothing changed; what others do to it is mended when the watch shows it. */
    private static final Duration AGAIN = Duration.ofHours(1);

    private record Applied(String uid, Instant at, String fingerprint) {}

    private final KubernetesClient client;
    private final ScaleWriter scale;
    private final ConcurrentMap<String, Applied> applied = new ConcurrentHashMap<>();

    /**
     * Applies through a client.
     *
     * @param client the API server
     * @param scale takes over the replicas
     */
    public Deployments(KubernetesClient client, ScaleWriter scale) {
        this.client = client;
        this.scale = scale;
    }

    /**
     * Creates or updates, if need be.
     *
     * @param wanted without replicas
     * @param known what the watch has, if anything
     * @return what the API server has now
     */
    public Deployment apply(Deployment wanted, Optional<Deployment> known) {
        Deployment desired = wanted.edit()
                .editMetadata()
                .addToAnnotations(Annotations.APPLIED, hash(wanted))
                .endMetadata()
                .build();
        String key = desired.getMetadata().getNamespace() + "/"
                + desired.getMetadata().getName();
        if (known.isPresent() && isApplied(desired, known.get(), key)) {
            return known.get();
        }
        Deployment now = written(desired);
        applied.put(key, new Applied(now.getMetadata().getUid(), Instant.now(), fingerprint(now)));
        return now;
    }

    /**
     * Tells specifications apart, replicas left out; only in this process.
     *
     * @param deployment as the API server has it
     */
    static String fingerprint(Deployment deployment) {
        DeploymentSpec spec = deployment.getSpec();
        return Integer.toHexString(Objects.hash(
                spec.getTemplate(),
                spec.getSelector(),
                spec.getStrategy(),
                spec.getPaused(),
                spec.getMinReadySeconds()));
    }

    /**
     * Forgets Deployments that were deleted.
     *
     * @param exists whether there is one of a namespace, a slash and a name
     */
    public void retain(Predicate<String> exists) {
        applied.keySet().removeIf(exists.negate());
    }

    /** What another leader applied is believed: to write all Deployments anew would keep a new leader from its work. */
    private boolean isApplied(Deployment desired, Deployment known, String key) {
        Map<String, String> annotations = known.getMetadata().getAnnotations();
        boolean alike = Objects.equals(
                desired.getMetadata().getAnnotations().get(Annotations.APPLIED), annotations.get(Annotations.APPLIED));
        if (!alike || !isOwnedByAutoscaler(known)) {
            return false;
        }
        Applied seen = new Applied(
                known.getMetadata().getUid(), Instant.now(), String.valueOf(annotations.get(LeanStore.FINGERPRINT)));
        Applied last = applied.putIfAbsent(key, seen);
        return last == null
                || (last.uid().equals(seen.uid())
                        && last.fingerprint().equals(seen.fingerprint())
                        && last.at().plus(AGAIN).isAfter(seen.at()));
    }

    private static String hash(Deployment desired) {
        return UUID.nameUUIDFromBytes(Serialization.asJson(desired).getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    private Deployment written(Deployment desired) {
        try {
            return write(desired);
        } catch (KubernetesClientException e) {
            throw RefusedWriteException.is(e)
                    ? new RefusedWriteException(
                            "Deployment " + desired.getMetadata().getName(), e)
                    : e;
        }
    }

    private Deployment write(Deployment desired) {
        Deployment live = client.resource(desired).get();
        if (live != null && isOwnedByAutoscaler(live)) {
            return client.resource(desired).patch(APPLY);
        }
        Deployment first = desired.edit()
                .editMetadata()
                .withResourceVersion(live == null ? null : live.getMetadata().getResourceVersion())
                .endMetadata()
                .editSpec()
                .withReplicas(live == null ? Integer.valueOf(0) : live.getSpec().getReplicas())
                .endSpec()
                .build();
        Deployment created = client.resource(first).patch(APPLY);
        scale.write(
                created.getMetadata().getNamespace(),
                created.getMetadata().getName(),
                created.getSpec().getReplicas(),
                null);
        return created;
    }

    private static boolean isOwnedByAutoscaler(Deployment live) {
        return live.getMetadata().getManagedFields().stream().anyMatch(Deployments::isAutoscalers);
    }

    private static boolean isAutoscalers(@Nullable ManagedFieldsEntry entry) {
        return entry != null && Objects.equals(entry.getManager(), ScaleWriter.MANAGER);
    }
}
