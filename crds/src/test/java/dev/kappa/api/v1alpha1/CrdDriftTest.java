package dev.kappa.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The chart carries the CRDs that the Java types generate. */
class CrdDriftTest {
    private static final Path GENERATED = Path.of("target/classes/META-INF/fabric8");
    private static final Path COMMITTED = Path.of("../helm/kappa/crds");

    @ParameterizedTest
    @ValueSource(strings = {"functions", "versions", "aliases"})
    void theCommittedCrdIsTheGeneratedOne(String plural) throws IOException {
        String file = plural + ".kappa.dev-v1.yml";

        assertThat(Files.readString(COMMITTED.resolve(file)))
                .as("helm/kappa/crds/%s differs from the Java types: run bin/generate-crds and commit", file)
                .isEqualTo(Files.readString(GENERATED.resolve(file)));
    }
}
