package dev.kappa.operator.version;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.api.v1alpha1.Alias;
import dev.kappa.api.v1alpha1.AliasSpec;
import dev.kappa.api.v1alpha1.AliasStatus;
import dev.kappa.api.v1alpha1.Concurrency;
import dev.kappa.api.v1alpha1.FunctionSpec;
import dev.kappa.api.v1alpha1.FunctionStatus;
import dev.kappa.api.v1alpha1.FunctionVersion;
import dev.kappa.api.v1alpha1.ProvisionedStatus;
import dev.kappa.api.v1alpha1.Scaling;
import dev.kappa.api.v1alpha1.VersionSpec;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class ProvisionedConcurrencyTest {
    @Test
    void aVersionIsAskedByItselfAndByTheAliasesThatPointToIt() {
        FunctionVersion three = version(3, null);
        FunctionVersion four = version(4, 7);

        assertThat(ProvisionedConcurrency.wanted(three, List.of(alias(3, 2), alias(3, 5))))
                .isEqualTo(5);
        assertThat(ProvisionedConcurrency.wanted(three, List.of(alias(4, 2)))).isZero();
        assertThat(ProvisionedConcurrency.wanted(four, List.of(alias(4, 2)))).isEqualTo(7);
    }

    @Test
    void anAliasThatMovesHoldsBothVersionsUntilTheNewOneIsReady() {
        Alias alias = alias(3, 2);
        FunctionVersion three = version(3, null, status(2, 2, 2));
        alias.setStatus(next(3));
        alias.getStatus().provisioned =
                ProvisionedConcurrency.of(alias, next(3), Map.of(3, three)).orElseThrow();
        assertThat(alias.getStatus().provisioned.state).isEqualTo(ProvisionedStatus.READY);

        alias.getSpec().version = 4;
        assertThat(ProvisionedConcurrency.held(alias))
                .as("before its status follows")
                .containsExactly(3, 4);
        FunctionVersion four = version(4, null, status(2, 1, 1));
        AliasStatus moved = next(4);
        moved.provisioned = ProvisionedConcurrency.of(alias, moved, Map.of(3, three, 4, four))
                .orElseThrow();
        assertThat(moved.provisioned.state).isEqualTo(ProvisionedStatus.IN_PROGRESS);
        assertThat(moved.provisioned.available).isEqualTo(1);
        alias.setStatus(moved);
        assertThat(ProvisionedConcurrency.held(alias)).as("events go to 4 now").containsExactly(3, 4);

        AliasStatus still = next(4);
        still.provisioned =
                ProvisionedConcurrency.of(alias, still, Map.of(4, four)).orElseThrow();
        assertThat(still.provisioned.holding).containsExactly(3);
        four.getStatus().provisioned = status(2, 2, 2).provisioned;
        AliasStatus ready = next(4);
        ready.provisioned =
                ProvisionedConcurrency.of(alias, ready, Map.of(4, four)).orElseThrow();
        alias.setStatus(ready);

        assertThat(ready.provisioned.state).isEqualTo(ProvisionedStatus.READY);
        assertThat(ProvisionedConcurrency.held(alias)).containsExactly(4);
    }

    @Test
    void aVersionIsReadyOnceItsReadyInstancesTakeAllEvents() {
        assertThat(status(9, 3, 2).provisioned).isNotNull().satisfies(it -> {
            assertThat(it.state).isEqualTo(ProvisionedStatus.IN_PROGRESS);
            assertThat(it.allocated).isEqualTo(9);
            assertThat(it.available).isEqualTo(8);
        });
        assertThat(status(9, 3, 3).provisioned.state).isEqualTo(ProvisionedStatus.READY);
        assertThat(status(0, 3, 3).provisioned).isNull();
    }

    @Test
    void aFailureSaysWhy() {
        FunctionStatus broken = new FunctionStatus();
        broken.conditions = List.of(new ConditionBuilder()
                .withType("HandlerReady")
                .withStatus("False")
                .withReason("HandlerNotLoadable")
                .withMessage("no module app")
                .build());

        ProvisionedStatus handler =
                ProvisionedConcurrency.of(2, function(), null, broken).orElseThrow();
        ProvisionedStatus reserved = ProvisionedConcurrency.of(5, function(), 4, new FunctionStatus())
                .orElseThrow();
        ProvisionedStatus max = ProvisionedConcurrency.of(41, function(), null, new FunctionStatus())
                .orElseThrow();
        FunctionVersion three = version(3, null, new FunctionStatus());
        three.getStatus().provisioned = handler;
        ProvisionedStatus alias = ProvisionedConcurrency.of(alias(3, 2), next(3), Map.of(3, three))
                .orElseThrow();

        assertThat(handler.state).isEqualTo(ProvisionedStatus.FAILED);
        assertThat(handler.reason).isEqualTo("HandlerNotLoadable");
        assertThat(reserved.message).contains("5 concurrent events are more than the reserved concurrency");
        assertThat(max.message).contains("41 concurrent events need 11 instances, but spec.scaling.max is 10");
        assertThat(alias.state).isEqualTo(ProvisionedStatus.FAILED);
        assertThat(alias.message).isEqualTo("f.3: no module app");
    }

    /** With instances that take four events each. */
    private static FunctionStatus status(int wanted, int replicas, int ready) {
        FunctionStatus status = new FunctionStatus();
        status.replicas = replicas;
        status.readyReplicas = ready;
        FunctionSpec function = function();
        function.concurrency.perInstance = wanted == 2 ? 1 : 4;
        ProvisionedConcurrency.of(wanted, function, null, status).ifPresent(it -> status.provisioned = it);
        return status;
    }

    private static FunctionSpec function() {
        FunctionSpec function = new FunctionSpec();
        function.concurrency = new Concurrency();
        function.concurrency.perInstance = 4;
        function.scaling = new Scaling();
        function.scaling.max = 10;
        return function;
    }

    private static Alias alias(int version, int provisioned) {
        Alias alias = new Alias();
        alias.getMetadata().setNamespace("default");
        alias.setSpec(new AliasSpec());
        alias.getSpec().function = "f";
        alias.getSpec().version = version;
        alias.getSpec().provisionedConcurrency = provisioned;
        return alias;
    }

    private static AliasStatus next(int version) {
        AliasStatus status = new AliasStatus();
        status.version = version;
        return status;
    }

    private static FunctionVersion version(int number, @Nullable Integer provisioned) {
        return version(number, provisioned, new FunctionStatus());
    }

    private static FunctionVersion version(int number, @Nullable Integer provisioned, FunctionStatus status) {
        FunctionVersion version = new FunctionVersion();
        version.getMetadata().setNamespace("default");
        version.getMetadata().setName("f." + number);
        version.setSpec(new VersionSpec());
        version.getSpec().function = "f";
        version.getSpec().number = number;
        if (provisioned != null) {
            version.getSpec().provisionedConcurrency = provisioned;
        }
        version.setStatus(status);
        return version;
    }
}
