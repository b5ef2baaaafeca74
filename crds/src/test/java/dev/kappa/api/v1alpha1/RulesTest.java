package dev.kappa.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the rules of the CRDs have in common; what the API server makes of them is a matter of the tests on a cluster. */
class RulesTest {
    @ParameterizedTest
    @ValueSource(strings = {"functions", "versions", "aliases", "eventsources", "layers"})
    void everyMessageNamesTheValueThatIsRefused(String plural) throws IOException {
        String yaml = Files.readString(Path.of("../helm/kappa/crds", plural + ".kappa.dev-v1.yml"));
        CustomResourceDefinition crd = Serialization.unmarshal(yaml, CustomResourceDefinition.class);
        List<ValidationRule> rules = new ArrayList<>();
        collect(crd.getSpec().getVersions().getFirst().getSchema().getOpenAPIV3Schema(), rules);

        assertThat(rules)
                .hasSizeGreaterThan(2)
                .allSatisfy(rule -> assertThat(rule.getMessageExpression())
                        .as(rule.getRule())
                        .containsPattern("\\b(self|oldSelf)\\b"));
    }

    @Test
    void reservedIsWhatLambdaAndKappaSet() {
        assertThat(List.of("AWS_REGION", "AWS_LAMBDA_RUNTIME_API", "_HANDLER", "KAPPA_TOKEN"))
                .allMatch(ReservedVariables::contains);
        assertThat(List.of(
                        "TZ",
                        "PATH",
                        "LANG",
                        "LD_LIBRARY_PATH",
                        "NODE_OPTIONS",
                        "AWS_ACCESS_KEY_ID",
                        "AWS_REGIONS",
                        "AWS_LAMBDA_EXEC_WRAPPER"))
                .noneMatch(ReservedVariables::contains);
    }

    private static void collect(JSONSchemaProps schema, List<ValidationRule> rules) {
        rules.addAll(schema.getXKubernetesValidations());
        if (schema.getProperties() != null) {
            schema.getProperties().values().forEach(property -> collect(property, rules));
        }
        if (schema.getItems() != null) {
            collect(schema.getItems().getSchema(), rules);
        }
    }
}
