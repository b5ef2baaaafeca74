package dev.kappa.operator.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.FieldsV1;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntryBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class LeanStoreTest {
    @Test
    void aDeploymentIsKeptWithoutItsTemplateButWithWhoOwnsItsReplicas() {
        LeanStore<Deployment> store = LeanStore.ofDeployments();
        Deployment deployment = new DeploymentBuilder()
                .withNewMetadata()
                .withNamespace("media")
                .withName("fn-a-latest")
                .addToAnnotations("a", "b")
                .withManagedFields(new ManagedFieldsEntryBuilder()
                        .withManager(ScaleWriter.MANAGER)
                        .withFieldsV1(new FieldsV1())
                        .build())
                .endMetadata()
                .withNewSpec()
                .withReplicas(2)
                .withNewTemplate()
                .endTemplate()
                .endSpec()
                .build();

        store.put(store.getKey(deployment), deployment);

        Deployment kept = store.get("media/fn-a-latest");
        assertThat(kept.getSpec().getTemplate()).isNull();
        assertThat(kept.getSpec().getReplicas()).isEqualTo(2);
        assertThat(kept.getMetadata().getAnnotations()).containsEntry("a", "b");
        assertThat(kept.getMetadata().getManagedFields()).singleElement().satisfies(entry -> {
            assertThat(entry.getManager()).isEqualTo(ScaleWriter.MANAGER);
            assertThat(entry.getFieldsV1()).isNull();
        });
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

        assertThat(store.get("media/a").getMetadata().getManagedFields()).isEmpty();
        assertThat(store.get("media/a").getMetadata().getLabels()).containsEntry("x", "y");
    }
}
