package dev.kappa.operator.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.api.v1alpha1.ConditionTypes;
import dev.kappa.api.v1alpha1.FunctionStatus;
import dev.kappa.operator.autoscaler.Proofs.Proof;
import dev.kappa.operator.code.CodeResult.Missing;
import dev.kappa.operator.status.Failure;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WorkloadStatusTest {
    private static final Instant T1 = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant T2 = T1.plusSeconds(60);
    private static final Deployment DEPLOYMENT =
            new DeploymentBuilder().withNewSpec().withReplicas(1).endSpec().build();

    @Test
    void aRevisionThatNeverSaidHelloIsStarting() {
        Condition ready = ready(observed(null, "r1", null, null));

        assertThat(ready.getStatus()).isEqualTo("Unknown");
        assertThat(ready.getReason()).isEqualTo("Starting");
    }

    @Test
    void aHandlerThatCannotBeLoadedIsNotReadyWithTheCause() {
        FunctionStatus status =
                observed(null, "r1", Proof.heard("r1", "Runtime.ImportModuleError", "No module x"), null);

        assertThat(ready(status).getStatus()).isEqualTo("False");
        assertThat(ready(status).getReason()).isEqualTo("HandlerNotLoadable");
        assertThat(ready(status).getMessage()).contains("Runtime.ImportModuleError: No module x", "spec.handler");
    }

    @Test
    void aProofOutlivesTheProcessThatSawIt() {
        FunctionStatus before = observed(null, "r1", Proof.heard("r1", null, null), null);

        FunctionStatus after = observed(before, "r1", null, null);

        assertThat(ready(after).getStatus()).isEqualTo("True");
        assertThat(WorkloadStatus.isProven(after, "r1")).isTrue();
        assertThat(WorkloadStatus.isProven(after, "r2")).isFalse();
        assertThat(ready(after).getLastTransitionTime()).isEqualTo(ready(before).getLastTransitionTime());
    }

    @Test
    void aLateInitErrorDoesNotUndoAProof() {
        FunctionStatus before = observed(null, "r1", Proof.heard("r1", null, null), null);

        FunctionStatus after = observed(before, "r1", Proof.heard("r1", "Sandbox.Timedout", "Init timed out"), null);

        assertThat(ready(after).getStatus()).isEqualTo("True");
        assertThat(WorkloadStatus.isGood(after)).isTrue();
    }

    @Test
    void aHandlerThatLoadsInTheEndIsReady() {
        FunctionStatus before = observed(null, "r1", Proof.heard("r1", "Error", "no database"), null);

        assertThat(ready(observed(before, "r1", Proof.heard("r1", null, null), null))
                        .getStatus())
                .isEqualTo("True");
    }

    @Test
    void anInstanceOfUnknownHelloChangesNoVerdict() {
        Proof seen = new Proof("r1", null, null, true);
        FunctionStatus bad = observed(null, "r1", Proof.heard("r1", "Error", "no database"), null);

        assertThat(ready(observed(bad, "r1", seen, null)).getReason()).isEqualTo("HandlerNotLoadable");
        assertThat(ready(observed(null, "r1", seen, null)).getStatus()).isEqualTo("True");
    }

    @Test
    void anotherRevisionIsNotProvenByTheOldOne() {
        FunctionStatus before = observed(null, "r1", Proof.heard("r1", null, null), null);

        assertThat(ready(observed(before, "r2", null, null)).getStatus()).isEqualTo("Unknown");
    }

    @Test
    void anInstanceThatDoesNotStartTellsWhy() {
        Condition ready =
                ready(observed(null, "r1", null, new InstanceProblem("ErrImagePull", "no such image: kappa/x")));

        assertThat(ready.getStatus()).isEqualTo("False");
        assertThat(ready.getReason()).isEqualTo("ErrImagePull");
        assertThat(ready.getMessage()).contains("no such image");
    }

    @Test
    void anImageIsShownAndItsMissingDigestTold() {
        FunctionStatus pinned = of("registry.example/app@sha256:12");
        FunctionStatus tagged = of("registry.example/app:1");

        assertThat(pinned.image).isEqualTo("registry.example/app@sha256:12");
        assertThat(pinned.codeSha256).isNull();
        assertThat(codeReady(pinned).getReason()).isEqualTo("ImagePinned");
        assertThat(codeReady(tagged).getReason()).isEqualTo("ImageWithoutDigest");
        assertThat(codeReady(tagged).getMessage()).contains("registry.example/app:1", "sha256");
    }

    private static FunctionStatus of(String image) {
        return WorkloadStatus.of(
                null, Workloads.of(Workloads.image(image)), "r1", DEPLOYMENT, Optional.empty(), Optional.empty(), T1);
    }

    private static Condition codeReady(FunctionStatus status) {
        return ConditionTypes.find(status.conditions, ConditionTypes.CODE_READY).orElseThrow();
    }

    @Test
    void missingCodeKeepsTheRevisionThatRuns() {
        FunctionStatus before = observed(null, "r1", Proof.heard("r1", null, null), null);

        FunctionStatus after = WorkloadStatus.of(before, 2L, new Missing("PackageNotFound", "No package"), T2);

        assertThat(after.revision).isEqualTo("r1");
        assertThat(ready(after).getReason()).isEqualTo("PackageNotFound");
        assertThat(ready(after).getLastTransitionTime()).isEqualTo(T2.toString());
        assertThat(WorkloadStatus.isProven(after, "r1")).isTrue();
    }

    @Test
    void whatTheClusterRefusesIsToldAndDoesNotUndoAProof() {
        InstanceProblem quota = new InstanceProblem("FailedCreate", "exceeded quota: pods");
        FunctionStatus before = observed(null, "r1", Proof.heard("r1", null, null), null);
        assertThat(resources(before).getStatus()).isEqualTo("True");

        FunctionStatus refused = observed(before, "r1", null, quota);

        assertThat(ready(refused).getStatus()).isEqualTo("True");
        assertThat(resources(refused).getStatus()).isEqualTo("False");
        assertThat(resources(refused).getReason()).isEqualTo("FailedCreate");
        assertThat(resources(refused).getMessage()).contains("exceeded quota: pods; raise the ResourceQuota");
        assertThat(resources(refused).getLastTransitionTime()).isEqualTo(T2.toString());
        assertThat(resources(observed(refused, "r1", null, null)).getStatus()).isEqualTo("True");
    }

    @Test
    void aCrashDoesNotSayThatPodsAreRefused() {
        InstanceProblem crash = new InstanceProblem("CrashLoopBackOff", "back-off");

        assertThat(resources(observed(null, "r1", null, crash)).getStatus()).isEqualTo("True");
    }

    @Test
    void aFailureIsToldAndLeavesWhatIsReadyAndAskedForReady() {
        FunctionStatus before = observed(null, "r1", Proof.heard("r1", null, null), null);
        Failure refused = new Failure("Refused", "Deployment fn-a-latest is refused: no.", true);

        FunctionStatus same = WorkloadStatus.of(before, 1L, refused, T2);
        FunctionStatus changed = WorkloadStatus.of(before, 2L, refused, T2);
        FunctionStatus first = WorkloadStatus.of(null, 1L, refused, T2);

        assertThat(ready(same).getStatus()).isEqualTo("True");
        assertThat(ready(changed).getStatus()).isEqualTo("False");
        assertThat(ready(first).getMessage()).isEqualTo(refused.message());
        for (FunctionStatus status : List.of(same, changed, first)) {
            assertThat(resources(status).getMessage()).isEqualTo(refused.message());
            assertThat(condition(status, "Reconciled").getReason()).isEqualTo("Refused");
        }
        assertThat(changed.revision).isEqualTo("r1");
        assertThat(WorkloadStatus.isProven(changed, "r1")).isTrue();
        assertThat(ConditionTypes.find(observed(changed, "r1", null, null).conditions, "Reconciled"))
                .isEmpty();
    }

    private static Condition resources(FunctionStatus status) {
        return condition(status, ConditionTypes.RESOURCES_AVAILABLE);
    }

    private static Condition condition(FunctionStatus status, String type) {
        return ConditionTypes.find(status.conditions, type).orElseThrow();
    }

    private static FunctionStatus observed(
            @Nullable FunctionStatus old, String revision, @Nullable Proof proof, @Nullable InstanceProblem problem) {
        return WorkloadStatus.of(
                old,
                Workloads.of(Workloads.spec()),
                revision,
                DEPLOYMENT,
                Optional.ofNullable(proof),
                Optional.ofNullable(problem),
                old == null ? T1 : T2);
    }

    private static Condition ready(FunctionStatus status) {
        return ConditionTypes.find(status.conditions, ConditionTypes.READY).orElseThrow();
    }
}
