package dev.kappa.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.WatchEvent;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ApiTypesTest {
    private final KubernetesSerialization serialization = new KubernetesSerialization(new ObjectMapper(), false);

    @BeforeEach
    void register() {
        ApiTypes.READ.forEach(serialization::registerKubernetesResource);
    }

    @Test
    void whatAWatchTellsIsOfTheTypesThatAreRead() {
        assertThat(watched("v1", "Pod")).isInstanceOf(Pod.class);
        assertThat(watched("kappa.dev/v1alpha1", "Function")).isInstanceOf(Function.class);
        assertThat(watched("kappa.dev/v1alpha1", "Version")).isInstanceOf(FunctionVersion.class);
        assertThat(watched("v1", "Status")).as("the end of a watch").isInstanceOf(Status.class);
    }

    @Test
    void otherTypesAreMapsAndNotLoaded() {
        assertThat(watched("networking.k8s.io/v1", "Ingress")).isInstanceOf(GenericKubernetesResource.class);
    }

    private KubernetesResource watched(String apiVersion, String kind) {
        return (KubernetesResource) serialization
                .unmarshal(
                        "{\"type\":\"ADDED\",\"object\":{\"apiVersion\":\"" + apiVersion + "\",\"kind\":\"" + kind
                                + "\",\"metadata\":{\"resourceVersion\":\"1\"}}}",
                        WatchEvent.class)
                .getObject();
    }
}
