package dev.kappa.operator.workload;

import dev.kappa.api.v1alpha1.Durations;
import dev.kappa.api.v1alpha1.FunctionSpec;
import dev.kappa.api.v1alpha1.FunctionStatus;
import dev.kappa.api.v1alpha1.Scaling;
import dev.kappa.lambda.VersionKey;
import dev.kappa.operator.autoscaler.Autoscaler;
import dev.kappa.operator.autoscaler.Proofs;
import dev.kappa.operator.autoscaler.ScalingTarget;
import dev.kappa.operator.environment.EnvironmentValues;
import dev.kappa.operator.environment.Values;
import dev.kappa.operator.network.NetworkPolicies;
import dev.kappa.operator.network.PolicyTarget;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.time.Clock;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What Functions and Versions have in common once their code is stored: Deployment, target of the autoscaler, status. */
public final class WorkloadRunner {
    private final DesiredDeployment desired;
    private final Deployments deployments;
    private final NetworkPolicies policies;
    private final EnvironmentValues environment;
    private final Autoscaler autoscaler;
    private final Proofs proofs;
    private final Function<VersionKey, Optional<Deployment>> watched;
    private final Function<VersionKey, Collection<Pod>> pods;
    private final LostInstances lost;
    private final PodRetry retry;
    private final Clock clock;

    /**
     * A runner.
     *
     * @param desired builds Deployments
     * @param deployments applies them
     * @param policies says who they may talk to
     * @param environment knows the values of their variables
     * @param autoscaler scales them
     * @param proofs knows which revisions started
     * @param watched the Deployment of a version, as a watch has it
     * @param pods of a version, as a watch has them
     * @param lost tells of instances that do not start
     * @param retry has pods tried again that could not be had
     * @param clock the time
     */
    public WorkloadRunner(
            DesiredDeployment desired,
            Deployments deployments,
            NetworkPolicies policies,
            EnvironmentValues environment,
            Autoscaler autoscaler,
            Proofs proofs,
            Function<VersionKey, Optional<Deployment>> watched,
            Function<VersionKey, Collection<Pod>> pods,
            LostInstances lost,
            PodRetry retry,
            Clock clock) {
        this.desired = desired;
        this.deployments = deployments;
        this.policies = policies;
        this.environment = environment;
        this.autoscaler = autoscaler;
        this.proofs = proofs;
        this.watched = watched;
        this.pods = pods;
        this.lost = lost;
        this.retry = retry;
        this.clock = clock;
    }

    /**
     * Applies the Deployment, tells the autoscaler, observes.
     *
     * @param given what to run
     * @param reserved reserved concurrency of the function now, null for none
     * @param provisioned number of concurrent events that instances are kept ready for
     * @param old the status so far, null for none
     * @return the new status
     */
    public FunctionStatus run(
            Workload given, @Nullable Integer reserved, int provisioned, @Nullable FunctionStatus old) {
        Optional<Deployment> before = watched.apply(given.id());
        Values values = environment.of(given.id(), given.spec());
        Workload workload = given.withEnvironment(digest(values, before));
        String revision = desired.revision(workload);
        policies.apply(
                new PolicyTarget(workload.id(), workload.owner(), workload.spec()),
                before.filter(DesiredDeployment::hasOwnPolicy).isPresent());
        Deployment deployment = deployments.apply(desired.of(workload), before);
        autoscaler.put(target(workload, revision, reserved, provisioned, WorkloadStatus.isProven(old, revision)));
        Collection<Pod> known = pods.apply(workload.id());
        Optional<InstanceProblem> problem = InstanceProblem.find(deployment, known, revision)
                .or(() -> Optional.ofNullable(values.missing()).map(InstanceProblem::ofEnvironment));
        FunctionStatus status = WorkloadStatus.of(
                old, workload, revision, deployment, proofs.of(workload.id(), revision), problem, clock.instant());
        lost.tell(workload.id(), workload.owner(), revision, WorkloadStatus.isGood(status), problem);
        problem.ifPresent(it -> retry.retry(deployment, known, it, status, clock.instant()));
        if (!workload.isImage()) {
            status.runtime = desired.runtime(workload);
        }
        status.configSha256 = ConfigDigest.of(workload.spec(), workload.packages());
        return status;
    }

    /** While something is missing, as while a Secret is made anew, what runs goes on with the values that it has. */
    private static String digest(Values values, Optional<Deployment> before) {
        return values.missing() == null
                ? values.digest()
                : before.map(DesiredDeployment::environment).orElse("");
    }

    private static ScalingTarget target(
            Workload workload, String revision, @Nullable Integer reserved, int provisioned, boolean proven) {
        FunctionSpec spec = workload.spec();
        return new ScalingTarget(
                workload.id(),
                revision,
                proven,
                spec.scaling.min,
                Math.ceilDiv(provisioned, spec.concurrency.perInstance),
                spec.scaling.max,
                spec.scaling.idleTimeout.equals(Scaling.AUTO) ? null : Durations.parse(spec.scaling.idleTimeout),
                spec.concurrency.perInstance,
                reserved);
    }
}
