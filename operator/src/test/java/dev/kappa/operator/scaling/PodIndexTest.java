package dev.kappa.operator.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.api.v1alpha1.Labels;
import dev.kappa.lambda.VersionKey;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import org.junit.jupiter.api.Test;

class PodIndexTest {
    private final PodIndex index = new PodIndex();

    @Test
    void podsAreFoundByNameAndByVersion() {
        index.put(pod("a-1", "a", "1"));
        index.put(pod("a-2", "a", "1"));
        index.put(pod("b-1", "b", "1"));

        assertThat(index.get("media", "a-2")).isPresent();
        assertThat(index.of(new VersionKey("media", "a", "1"))).hasSize(2);
        assertThat(index.of(new VersionKey("media", "a", "2"))).isEmpty();
    }

    @Test
    void nothingIsLeftOfPodsThatWent() {
        index.put(pod("a-1", "a", "1"));
        index.put(pod("a-1", "a", "2"));
        assertThat(index.of(new VersionKey("media", "a", "1"))).isEmpty();

        index.remove(pod("a-1", "a", "2"));

        assertThat(index.isEmpty()).isTrue();
    }

    private static Pod pod(String name, String function, String version) {
        return new PodBuilder()
                .withNewMetadata()
                .withNamespace("media")
                .withName(name)
                .withLabels(Labels.selector(function, version))
                .endMetadata()
                .build();
    }
}
