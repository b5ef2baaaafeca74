package dev.kappa.operator.workload;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.api.v1alpha1.Code;
import dev.kappa.api.v1alpha1.Concurrency;
import dev.kappa.api.v1alpha1.Function;
import dev.kappa.api.v1alpha1.FunctionSpec;
import dev.kappa.api.v1alpha1.FunctionStatus;
import dev.kappa.lambda.VersionKey;
import io.fabric8.kubernetes.api.model.FieldsV1;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntryBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class LeanStoreTest {
    private static final KubernetesSerialization JSON = new KubernetesSerialization();

    @Test
    void aDeploymentIsKeptWithoutItsTemplateButWithWhoOwnsItsReplicas() {
        LeanStore<Deployment> store = LeanStore.ofDeployments(JSON);
        Deployment deployment = new DeploymentBuilder()
                .withNewMetadata()
                .withNamespace("media")
                .withName("fn-a-latest")
                .addToAnnotations("a", "b")
                .addToLabels(VersionName.selector(new VersionKey("media", "a", VersionKey.LATEST)))
                .addToLabels("more", "c")
                .withManagedFields(
                        new ManagedFieldsEntryBuilder()
                                .withManager("kube-controller-manager")
                                .build(),
                        new ManagedFieldsEntryBuilder()
                                .withManager(ScaleWriter.MANAGER)
                                .withFieldsV1(new FieldsV1())
                                .build())
                .endMetadata()
                .withNewSpec()
                .withReplicas(2)
                .withNewTemplate()
                .endTemplate()
                .endSpec()
                .withNewStatus()
                .withReadyReplicas(1)
                .addNewCondition()
                .withType("Available")
                .withStatus("True")
                .endCondition()
                .addNewCondition()
                .withType("ReplicaFailure")
                .withStatus("True")
                .withReason("FailedCreate")
                .withMessage("exceeded quota")
                .endCondition()
                .endStatus()
                .build();

        store.put(store.getKey(deployment), deployment);

        Deployment kept = requireNonNull(store.get("media/fn-a-latest"));
        assertThat(kept.getSpec().getTemplate()).isNull();
        assertThat(kept.getSpec().getReplicas()).isEqualTo(2);
        assertThat(kept.getMetadata().getAnnotations()).containsEntry("a", "b");
        assertThat(VersionName.of(kept)).contains(new VersionKey("media", "a", VersionKey.LATEST));
        assertThat(kept.getStatus().getReadyReplicas()).isEqualTo(1);
        assertThat(InstanceProblem.find(kept, List.of(), "r1").map(InstanceProblem::reason))
                .contains("FailedCreate");
        assertThat(kept.getMetadata().getManagedFields()).singleElement().satisfies(entry -> {
            assertThat(entry.getManager()).isEqualTo(ScaleWriter.MANAGER);
            assertThat(entry.getFieldsV1()).isNull();
        });
    }

    @Test
    void aChangeOfTheTemplateIsSeenInWhatIsKeptAndOneOfTheReplicasIsNot() {
        String before = fingerprint(1, "a");

        assertThat(fingerprint(2, "a")).isEqualTo(before);
        assertThat(fingerprint(1, "b")).isNotEqualTo(before);
    }

    private static String fingerprint(int replicas, String image) {
        Deployment deployment = new DeploymentBuilder()
                .withNewMetadata()
                .withNamespace("media")
                .withName("fn-a-latest")
                .endMetadata()
                .withNewSpec()
                .withReplicas(replicas)
                .withNewTemplate()
                .withNewSpec()
                .addNewContainer()
                .withImage(image)
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
        LeanStore<Deployment> store = LeanStore.ofDeployments(JSON);
        store.put(store.getKey(deployment), deployment);
        return String.valueOf(requireNonNull(store.get("media/fn-a-latest"))
                .getMetadata()
                .getAnnotations()
                .get(LeanStore.FINGERPRINT));
    }

    @Test
    void ofAFunctionItsVersionsKeepOnlyWhatTheyDependOn() {
        LeanStore<Function> store = LeanStore.ofFunctionsForVersions(JSON);
        Function function = function();

        store.put(store.getKey(function), function);

        Function kept = requireNonNull(store.get("media/a"));
        assertThat(kept.getSpec().code).isNull();
        assertThat(kept.getSpec().concurrency.reserved).isEqualTo(7);
        assertThat(kept.getStatus().lastVersion).isEqualTo(3);
        assertThat(kept.getStatus().codeSha256).isEqualTo("abc");
        assertThat(kept.getStatus().conditions).isNull();
    }

    @Test
    void aFunctionIsKeptWithoutItsManifestOfBefore() {
        LeanStore<Function> store = LeanStore.ofFunctions(JSON);
        Function function = function();

        store.put(store.getKey(function), function);

        Function kept = requireNonNull(store.get("media/a"));
        assertThat(kept.getMetadata().getAnnotations()).containsOnlyKeys("mine");
        assertThat(kept.getSpec().code).isNotNull();
    }

    private static Function function() {
        Function function = new Function();
        function.getMetadata().setNamespace("media");
        function.getMetadata().setName("a");
        function.getMetadata()
                .setAnnotations(
                        new HashMap<>(Map.of("mine", "x", "kubectl.kubernetes.io/last-applied-configuration", "{}")));
        FunctionSpec spec = new FunctionSpec();
        spec.code = new Code();
        spec.concurrency = new Concurrency();
        spec.concurrency.reserved = 7;
        function.setSpec(spec);
        FunctionStatus status = new FunctionStatus();
        status.lastVersion = 3;
        status.codeSha256 = "abc";
        status.conditions = List.of();
        function.setStatus(status);
        return function;
    }

    @Test
    void anyObjectIsKeptWithoutWhoSetItsFields() {
        LeanStore<Pod> store = LeanStore.withoutManagedFields();
        Pod pod = new PodBuilder()
                .withNewMetadata()
                .withNamespace("media")
                .withName("a")
                .addToLabels("x", "y")
                .withManagedFields(
                        new ManagedFieldsEntryBuilder().withManager("kubelet").build())
                .endMetadata()
                .build();

        store.put(store.getKey(pod), pod);

        assertThat(requireNonNull(store.get("media/a")).getMetadata().getManagedFields())
                .isEmpty();
        assertThat(requireNonNull(store.get("media/a")).getMetadata().getLabels())
                .containsEntry("x", "y");
    }
}
