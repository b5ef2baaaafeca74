package dev.kappa.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code kubectl explain} has something to say about every field. */
class DescriptionsTest {
    @ParameterizedTest
    @ValueSource(strings = {"functions", "versions", "aliases", "eventsources", "layers"})
    void everyFieldIsDescribed(String plural) throws IOException {
        String yaml = Files.readString(Path.of("../helm/kappa/crds", plural + ".kappa.dev-v1.yml"));
        CustomResourceDefinition crd = Serialization.unmarshal(yaml, CustomResourceDefinition.class);
        JSONSchemaProps schema =
                crd.getSpec().getVersions().getFirst().getSchema().getOpenAPIV3Schema();
        List<String> without = new ArrayList<>();

        collect(schema, plural, without);

        assertThat(without).as("fields without a sentence").isEmpty();
    }

    private static void collect(JSONSchemaProps schema, String path, List<String> without) {
        String sentence = schema.getDescription();
        if (sentence == null || !sentence.endsWith(".") || sentence.contains("{@") || sentence.contains("<")) {
            without.add(path + ": " + sentence);
        }
        if (schema.getProperties() != null) {
            schema.getProperties().forEach((name, property) -> collect(property, path + "." + name, without));
        }
        if (schema.getItems() != null
                && "object".equals(schema.getItems().getSchema().getType())) {
            collect(schema.getItems().getSchema(), path + "[]", without);
        }
    }
}
