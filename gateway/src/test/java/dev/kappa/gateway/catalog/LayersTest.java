package dev.kappa.gateway.catalog;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

class LayersTest {
    private static final ArchRule IS_PURE = classes()
            .that()
            .resideInAPackage("dev.kappa.gateway.catalog..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "dev.kappa.gateway.catalog..",
                    "dev.kappa.gateway.dispatch..",
                    "dev.kappa.lambda..",
                    "dev.kappa.stores.events..",
                    "java..",
                    "org.jspecify..");

    @Test
    void theCatalogKnowsNeitherKubernetesNorVertxNorNats() {
        IS_PURE.check(new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("dev.kappa.gateway.catalog"));
    }

    @Test
    void theRuleRejectsACatalogThatParses() {
        var mutant = new ClassFileImporter().importClasses(Parses.class);

        assertThat(IS_PURE.evaluate(mutant).hasViolation()).isTrue();
    }

    /** A mutant: reads what informers should have read. */
    private static final class Parses {
        private final JsonObject resource = new JsonObject();

        @Override
        public String toString() {
            return resource.encode();
        }
    }
}
