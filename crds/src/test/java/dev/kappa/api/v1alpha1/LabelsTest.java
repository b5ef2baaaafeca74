package dev.kappa.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LabelsTest {
    @ParameterizedTest
    @ValueSource(strings = {"$LATEST", "7"})
    void whatIsWrittenIsRead(String version) {
        Pod pod = new PodBuilder()
                .withNewMetadata()
                .withLabels(Labels.selector("hello", version))
                .addToLabels(Labels.REVISION, "r1")
                .endMetadata()
                .build();

        assertThat(Labels.function(pod)).contains("hello");
        assertThat(Labels.version(pod)).contains(version);
        assertThat(Labels.revision(pod)).contains("r1");
    }

    @Test
    void aPodOfOthersHasNone() {
        Pod pod = new PodBuilder().withNewMetadata().endMetadata().build();

        assertThat(Labels.function(pod)).isEmpty();
        assertThat(Labels.version(pod)).isEmpty();
    }

    @Test
    void aValueIsOneThatALabelMayHold() {
        assertThat(Labels.selector("hello", "$LATEST"))
                .containsEntry(Labels.FUNCTION, "hello")
                .containsEntry(Labels.VERSION, "latest");
    }
}
