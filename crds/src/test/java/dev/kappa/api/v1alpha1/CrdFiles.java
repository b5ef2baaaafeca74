package dev.kappa.api.v1alpha1;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Generates the CRDs from the Java types, with their Javadoc as descriptions, and with the columns of kubectl in the order
 * in which the types declare them.
 */
final class CrdFiles {
    private static final List<Class<? extends HasMetadata>> TYPES =
            List.of(Function.class, FunctionVersion.class, Alias.class, EventSource.class, PublishedLayer.class);

    private CrdFiles() {}

    static void write(Path folder) {
        Descriptions descriptions = Descriptions.ofSources();
        new CRDGenerator()
                .inOutputDir(folder.toFile())
                .customResourceClasses(TYPES)
                .forCRDVersions("v1")
                .withPostProcessor(new CRDPostProcessor() {
                    @Override
                    public HasMetadata process(HasMetadata crd, String version) {
                        CustomResourceDefinition definition = (CustomResourceDefinition) crd;
                        Class<?> type = type(definition);
                        for (CustomResourceDefinitionVersion it :
                                definition.getSpec().getVersions()) {
                            inOrder(it, type);
                            descriptions.describe(it.getSchema().getOpenAPIV3Schema(), type);
                        }
                        return crd;
                    }
                })
                .generate();
    }

    private static Class<?> type(CustomResourceDefinition crd) {
        return TYPES.stream()
                .filter(it ->
                        HasMetadata.getKind(it).equals(crd.getSpec().getNames().getKind()))
                .findFirst()
                .orElseThrow();
    }

    /** The generator sorts them by their JSON path. */
    private static void inOrder(CustomResourceDefinitionVersion version, Class<?> type) {
        List<String> names = Arrays.stream(type.getAnnotationsByType(AdditionalPrinterColumn.class))
                .map(AdditionalPrinterColumn::name)
                .toList();
        version.getAdditionalPrinterColumns()
                .sort(Comparator.comparingInt(
                        (CustomResourceColumnDefinition column) -> names.indexOf(column.getName())));
    }
}
