package dev.kappa.shim;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import dev.kappa.shim.core.CoreMutant;
import dev.kappa.shim.extensions.ExtensionsMutant;
import dev.kappa.shim.http.HttpMutant;
import dev.kappa.shim.image.ImageMutant;
import dev.kappa.shim.java.JavaMutant;
import dev.kappa.shim.log.LogMutant;
import dev.kappa.shim.process.ProcessMutant;
import dev.kappa.shim.runtimeapi.RuntimeApiMutant;
import dev.kappa.shim.telemetry.TelemetryMutant;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may know whom among the packages; for each of them a mutant in the tests breaks its rule and must be caught. */
class LayersTest {
    private static final String ROOT = "dev.kappa.shim";

    /** What each package may know of ours, beside itself and the wire. The root wires all; nobody knows it. */
    private static final Map<String, List<String>> KNOWS = Map.of(
            "log", List.of(),
            "http", List.of(),
            "core", List.of("http", "log"),
            "telemetry", List.of("core", "log"),
            "extensions", List.of("telemetry", "core", "http", "log"),
            "runtimeapi", List.of("core", "http", "log"),
            "java", List.of("core", "http", "log"),
            "process", List.of("runtimeapi", "core", "http", "log"),
            "image", List.of("runtimeapi", "core", "http", "log"));

    private static final Map<String, Class<?>> MUTANTS = Map.of(
            "log", LogMutant.class,
            "http", HttpMutant.class,
            "core", CoreMutant.class,
            "telemetry", TelemetryMutant.class,
            "extensions", ExtensionsMutant.class,
            "runtimeapi", RuntimeApiMutant.class,
            "java", JavaMutant.class,
            "process", ProcessMutant.class,
            "image", ImageMutant.class);

    private static final ArchRule NO_CYCLES =
            slices().matching(ROOT + ".(*)..").should().beFreeOfCycles();

    private static List<String> packages() {
        return KNOWS.keySet().stream().sorted().toList();
    }

    private static ArchRule rule(String name) {
        List<String> known = new ArrayList<>(List.of(ROOT + "." + name));
        KNOWS.getOrDefault(name, List.of()).forEach(it -> known.add(ROOT + "." + it));
        DescribedPredicate<JavaClass> allowed = resideInAnyPackage(known.toArray(String[]::new))
                .or(DescribedPredicate.not(resideInAPackage(ROOT + "..")));
        return classes().that().resideInAPackage(ROOT + "." + name).should().onlyDependOnClassesThat(allowed);
    }

    private static final JavaClasses SHIM = classesOf(List.of());
    private static final JavaClasses WITH_MUTANTS = classesOf(List.copyOf(MUTANTS.values()));

    private static JavaClasses classesOf(List<Class<?>> more) {
        List<URL> urls = new ArrayList<>(
                List.of(Main.class.getProtectionDomain().getCodeSource().getLocation()));
        for (Class<?> type : more) {
            urls.add(Objects.requireNonNull(type.getResource(type.getSimpleName() + ".class")));
        }
        return new ClassFileImporter().importUrls(urls);
    }

    @ParameterizedTest
    @MethodSource("packages")
    void knowsOnlyWhatItMay(String name) {
        rule(name).check(SHIM);
    }

    @ParameterizedTest
    @MethodSource("packages")
    void aMutantIsCaught(String name) {
        assertThat(rule(name).evaluate(WITH_MUTANTS).hasViolation()).isTrue();
    }

    @Test
    void hasNoCycles() {
        NO_CYCLES.check(SHIM);
        assertThat(NO_CYCLES.evaluate(WITH_MUTANTS).hasViolation()).isTrue();
    }
}
