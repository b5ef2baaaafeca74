package dev.kappa.layers;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;
import java.util.stream.Stream;

/** Checks rules about who may know whom, each with a mutant that breaks it: a rule that nothing breaks checks nothing. */
public final class Layers {
    private final JavaClasses classes;

    private Layers(JavaClasses classes) {
        this.classes = classes;
    }

    /**
     * The classes that a package and those below it have, without tests.
     *
     * @param root name of the package
     */
    public static Layers of(String root) {
        return new Layers(new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages(root));
    }

    /**
     * Fails if a class of a package, or of one below it, knows one of another package than these and those of the JDK.
     *
     * @param root name of the package
     * @param known packages as ArchUnit writes them
     */
    public static void knowOnly(String root, String... known) {
        String[] all = Stream.concat(Stream.of(root + "..", "java..", "org.jspecify.."), Arrays.stream(known))
                .toArray(String[]::new);
        of(root).obey(classes().should().onlyDependOnClassesThat().resideInAnyPackage(all), KnowsALibrary.class);
    }

    /**
     * Fails if the classes break a rule, or if the mutants do not.
     *
     * @param rule about any classes, which must not name the package of those that are checked only
     * @param mutants classes that together break it
     */
    public void obey(ArchRule rule, Class<?>... mutants) {
        rule.check(classes);
        if (!rule.evaluate(new ClassFileImporter().importClasses(mutants)).hasViolation()) {
            throw new AssertionError(Arrays.toString(mutants) + " should break the rule: " + rule.getDescription());
        }
    }

    /** A mutant: it knows a library that no module may know. */
    private record KnowsALibrary(ArchRule rule) {}
}
