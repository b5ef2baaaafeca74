package dev.kappa.operator.workload;

import dev.kappa.api.v1alpha1.ConditionTypes;
import dev.kappa.api.v1alpha1.FunctionStatus;
import dev.kappa.operator.autoscaler.Proofs.Proof;
import dev.kappa.operator.code.CodeResult.Missing;
import dev.kappa.operator.code.Packages;
import dev.kappa.operator.status.Conditions;
import dev.kappa.operator.status.Failure;
import dev.kappa.operator.status.HandlerRemedy;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The status of a Function or Version, as a pure function of what was observed. */
public final class WorkloadStatus {
    private static final String INITIALIZED = "Initialized";
    private static final String NOT_LOADABLE = "HandlerNotLoadable";

    private WorkloadStatus() {}

    /**
     * Whether an instance of the revision has loaded its handler, so that one that fails now is the exception.
     *
     * @param status as it is now
     */
    static boolean isGood(FunctionStatus status) {
        return ConditionTypes.find(status.conditions, ConditionTypes.HANDLER_READY)
                .filter(it -> it.getReason().equals(INITIALIZED))
                .isPresent();
    }

    /**
     * Status while the code is not there; what ran before goes on.
     *
     * @param old the status so far, null for none
     * @param generation of the resource
     * @param missing why
     * @param now transition time of what changes
     */
    public static FunctionStatus of(@Nullable FunctionStatus old, Long generation, Missing missing, Instant now) {
        FunctionStatus status = new FunctionStatus();
        status.observedGeneration = generation;
        Conditions conditions = new Conditions(old == null ? null : old.conditions, generation, now)
                .set(ConditionTypes.READY, false, missing.reason(), missing.message())
                .set(ConditionTypes.CODE_READY, false, missing.reason(), missing.message());
        if (old != null) {
            status.revision = old.revision;
            Packages.of(old).tell(status);
            status.image = old.image;
            status.runtime = old.runtime;
            status.configSha256 = old.configSha256;
            status.replicas = old.replicas;
            status.readyReplicas = old.readyReplicas;
            keep(conditions, old, ConditionTypes.HANDLER_READY);
            keep(conditions, old, ConditionTypes.RESOURCES_AVAILABLE);
        }
        status.conditions = conditions.list();
        return status;
    }

    /**
     * Status after a reconciliation that failed; what runs goes on, and is ready if it was and nothing else is asked for.
     *
     * @param old the status so far, null for none
     * @param generation of the resource
     * @param failure why
     * @param now transition time of what changes
     */
    public static FunctionStatus of(@Nullable FunctionStatus old, Long generation, Failure failure, Instant now) {
        FunctionStatus status = old == null ? new FunctionStatus() : Serialization.clone(old);
        status.observedGeneration = generation;
        status.conditions = failure.conditions(
                old == null ? null : old.conditions, old == null ? null : old.observedGeneration, generation, now);
        return status;
    }

    private static void keep(Conditions conditions, FunctionStatus old, String type) {
        ConditionTypes.find(old.conditions, type).ifPresent(conditions::keep);
    }

    /**
     * Status once the Deployment is applied.
     *
     * @param old the status so far, null for none
     * @param workload what the Deployment is made of
     * @param revision hash of code and configuration
     * @param deployment as it is now
     * @param proof how the handler of this revision started, if it did
     * @param problem why no instance starts, if so
     * @param now transition time of what changes
     */
    public static FunctionStatus of(
            @Nullable FunctionStatus old,
            Workload workload,
            String revision,
            Deployment deployment,
            Optional<Proof> proof,
            Optional<InstanceProblem> problem,
            Instant now) {
        FunctionStatus status = new FunctionStatus();
        Long generation = workload.owner().getMetadata().getGeneration();
        status.observedGeneration = generation;
        workload.packages().tell(status);
        if (workload.isImage()) {
            status.image = workload.spec().code.image.reference;
        }
        status.revision = revision;
        status.replicas = deployment.getSpec().getReplicas();
        status.readyReplicas = Optional.ofNullable(deployment.getStatus())
                .map(DeploymentStatus::getReadyReplicas)
                .orElse(0);
        Condition handler = handler(old, revision, proof)
                .or(() -> problem.map(it -> condition(false, it.reason(), "No instance starts: " + it.text())))
                .orElseGet(() -> condition(null, "Starting", "A first instance of revision " + revision + " starts."));
        Boolean state = state(handler);
        Condition code = code(workload);
        Condition resources = resources(problem);
        status.conditions = new Conditions(old == null ? null : old.conditions, generation, now)
                .set(
                        ConditionTypes.READY,
                        state,
                        Boolean.TRUE.equals(state) ? "Ready" : handler.getReason(),
                        handler.getMessage())
                .set(ConditionTypes.CODE_READY, true, code.getReason(), code.getMessage())
                .set(ConditionTypes.HANDLER_READY, state, handler.getReason(), handler.getMessage())
                .set(
                        ConditionTypes.RESOURCES_AVAILABLE,
                        state(resources),
                        resources.getReason(),
                        resources.getMessage())
                .list();
        return status;
    }

    /**
     * Whether the handler of a revision is known to be loadable, or not.
     *
     * @param status written before, null for none
     * @param revision the current one
     */
    public static boolean isProven(@Nullable FunctionStatus status, String revision) {
        return proven(status, revision).isPresent();
    }

    /** Once good, always good: what one instance could load, another fails to load for a reason of its own. */
    private static Optional<Condition> handler(@Nullable FunctionStatus old, String revision, Optional<Proof> proof) {
        Optional<Condition> before = proven(old, revision);
        return proof.filter(Proof::isGood)
                .map(WorkloadStatus::handler)
                .or(() -> before.filter(it -> it.getReason().equals(INITIALIZED)))
                .or(() -> proof.filter(it -> !it.assumed()).map(WorkloadStatus::handler))
                .or(() -> before)
                .or(() -> proof.map(WorkloadStatus::handler));
    }

    private static Optional<Condition> proven(@Nullable FunctionStatus status, String revision) {
        if (status == null || !Objects.equals(status.revision, revision)) {
            return Optional.empty();
        }
        return ConditionTypes.find(status.conditions, ConditionTypes.HANDLER_READY)
                .filter(it ->
                        it.getReason().equals(INITIALIZED) || it.getReason().equals(NOT_LOADABLE));
    }

    private static Condition code(Workload workload) {
        if (!workload.isImage()) {
            return condition(
                    true, "PackageStored", "The package " + workload.packages().codeSha256() + " is stored.");
        }
        String image = workload.spec().code.image.reference;
        return image.contains("@")
                ? condition(true, "ImagePinned", "Instances run the image " + image + ".")
                : condition(
                        true,
                        "ImageWithoutDigest",
                        "Instances run the image " + image + ", which can change as it has no digest, that of versions"
                                + " too; name it as registry/name@sha256:… to be sure what runs.");
    }

    /** Nothing is known to be in the way while no instance is asked for. */
    private static Condition resources(Optional<InstanceProblem> problem) {
        return problem.filter(InstanceProblem::isOfResources)
                .map(it -> condition(false, it.reason(), "No pod can be had: " + it.text() + "."))
                .orElseGet(() -> condition(true, "NothingRefused", "The cluster refuses no pod."));
    }

    private static Condition handler(Proof proof) {
        if (proof.errorType() == null) {
            return condition(true, INITIALIZED, "An instance of revision " + proof.revision() + " loaded its handler.");
        }
        String error = proof.errorType() + ": " + proof.errorMessage();
        String remedy = HandlerRemedy.of(error);
        return condition(
                false,
                NOT_LOADABLE,
                error + (remedy.isEmpty() ? "" : "; " + remedy) + ". Events are answered with this error.");
    }

    private static Condition condition(@Nullable Boolean state, String reason, String message) {
        Condition condition = new Condition();
        condition.setStatus(state == null ? "Unknown" : state ? "True" : "False");
        condition.setReason(reason);
        condition.setMessage(message);
        return condition;
    }

    private static @Nullable Boolean state(Condition condition) {
        return switch (condition.getStatus()) {
            case "True" -> true;
            case "False" -> false;
            default -> null;
        };
    }
}
