package dev.kappa.operator.workload;

import dev.kappa.api.v1alpha1.Annotations;
import dev.kappa.api.v1alpha1.Labels;
import dev.kappa.operator.network.PolicyTarget;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import java.util.Map;
import java.util.TreeMap;

/** The Deployment of a workload, as a pure function of it; without replicas, which are the autoscaler's. */
public final class DesiredDeployment {
    static final String MANAGED_BY = "app.kubernetes.io/managed-by";

    /** Value of {@link Labels#NETWORK}. */
    static final String OWN = "own";

    private final Platform platform;
    private final PodTemplate template;

    /**
     * Builds with a platform.
     *
     * @param platform what all have in common
     */
    public DesiredDeployment(Platform platform) {
        this.platform = platform;
        this.template = new PodTemplate(platform);
    }

    /**
     * Hash of code and configuration.
     *
     * @param workload what to run
     * @return 10 hex digits
     */
    public String revision(Workload workload) {
        return Revision.of(workload, platform.image(workload.runtime()));
    }

    /** The cluster's runtime that instances run on. */
    String runtime(Workload workload) {
        return platform.meant(workload.runtime());
    }

    /**
     * The Deployment.
     *
     * @param workload what to run
     * @return ready for server-side apply
     */
    public Deployment of(Workload workload) {
        String revision = revision(workload);
        return new DeploymentBuilder()
                .withNewMetadata()
                .withNamespace(workload.id().namespace())
                .withName(VersionName.deployment(workload.id()))
                .addToLabels(VersionName.selector(workload.id()))
                .addToLabels(MANAGED_BY, "kappa")
                .addToAnnotations(annotations(workload, revision))
                .withOwnerReferences(owner(workload))
                .endMetadata()
                .withNewSpec()
                .withRevisionHistoryLimit(0)
                .withNewSelector()
                .withMatchLabels(VersionName.selector(workload.id()))
                .endSelector()
                .withNewStrategy()
                .withType("RollingUpdate")
                .withNewRollingUpdate()
                // The gateway sends events only to the new revision, so the old pods just finish theirs.
                .withMaxSurge(new IntOrString("100%"))
                .withMaxUnavailable(new IntOrString("0%"))
                .endRollingUpdate()
                .endStrategy()
                .withNewTemplate()
                .withNewMetadata()
                .addToLabels(VersionName.selector(workload.id()))
                .addToLabels(PodTemplate.labels(workload))
                .addToLabels(MANAGED_BY, "kappa")
                .addToLabels(Labels.REVISION, revision)
                .withAnnotations(PodTemplate.annotations(workload))
                .endMetadata()
                .withSpec(template.of(workload, revision))
                .endTemplate()
                .endSpec()
                .build();
    }

    private static Map<String, String> annotations(Workload workload, String revision) {
        Map<String, String> annotations = new TreeMap<>(Map.of(Annotations.REVISION, revision));
        if (PolicyTarget.hasOwn(workload.spec())) {
            annotations.put(Annotations.NETWORK, OWN);
        }
        if (!workload.environment().isEmpty()) {
            annotations.put(Annotations.ENVIRONMENT, workload.environment());
        }
        return annotations;
    }

    /** Whether the version of a Deployment had a NetworkPolicy of its own when it was applied. */
    static boolean hasOwnPolicy(Deployment known) {
        Map<String, String> annotations = known.getMetadata().getAnnotations();
        return annotations != null && annotations.containsKey(Annotations.NETWORK);
    }

    /** Digest of the values with which a Deployment was applied, empty for none. */
    static String environment(Deployment known) {
        Map<String, String> annotations = known.getMetadata().getAnnotations();
        return annotations == null ? "" : annotations.getOrDefault(Annotations.ENVIRONMENT, "");
    }

    private static OwnerReference owner(Workload workload) {
        return new OwnerReferenceBuilder()
                .withApiVersion(workload.owner().getApiVersion())
                .withKind(workload.owner().getKind())
                .withName(workload.owner().getMetadata().getName())
                .withUid(workload.owner().getMetadata().getUid())
                .withController(true)
                .withBlockOwnerDeletion(false)
                .build();
    }
}
