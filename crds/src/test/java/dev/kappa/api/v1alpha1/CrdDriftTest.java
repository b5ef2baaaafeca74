package dev.kappa.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The chart carries the CRDs that the Java types generate; {@code -Dkappa.crds.write} writes them there. */
class CrdDriftTest {
    private static final Path COMMITTED = Path.of("../helm/kappa/crds");

    @TempDir
    static Path generated;

    @BeforeAll
    static void generate() {
        CrdFiles.write(generated);
        if (System.getProperty("kappa.crds.write") != null) {
            CrdFiles.write(COMMITTED);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"functions", "versions", "aliases", "eventsources", "layers"})
    void theCommittedCrdIsTheGeneratedOne(String plural) throws IOException {
        String file = plural + ".kappa.dev-v1.yml";

        assertThat(Files.readString(COMMITTED.resolve(file)))
                .as("helm/kappa/crds/%s differs from the Java types: run bin/generate-crds and commit", file)
                .isEqualTo(Files.readString(generated.resolve(file)));
    }
}
