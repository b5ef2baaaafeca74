package dev.kappa.operator.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.api.v1alpha1.EnvironmentVariable;
import dev.kappa.api.v1alpha1.FunctionSpec;
import dev.kappa.operator.code.Packages;
import dev.kappa.operator.code.StoredPackage;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DesiredDeploymentTest {
    private final DesiredDeployment desired = new DesiredDeployment(Workloads.PLATFORM);

    @Test
    void isWhatTheGoldenFileSays() throws IOException {
        String yaml = Serialization.asYaml(desired.of(Workloads.of(Workloads.spec())));

        assertThat(yaml).isEqualTo(golden("deployment.yaml"));
    }

    @Test
    void anImageGetsTheShimAsItsSidecar() throws IOException {
        FunctionSpec spec = Workloads.image("registry.example/app@sha256:" + "12".repeat(32));
        spec.handler = "app.handler";
        spec.code.image.args = List.of("$(HOME)");
        spec.code.image.workingDir = "/srv";

        String yaml = Serialization.asYaml(desired.of(Workloads.of(spec)));

        assertThat(yaml).isEqualTo(golden("image.yaml"));
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void sdksOfAFunctionWithARoleFindTheirCredentials(boolean image) {
        FunctionSpec spec = image ? Workloads.image("app:1") : Workloads.spec();
        assertThat(variables(spec)).doesNotContainKey("AWS_ENDPOINT_URL_LAMBDA");
        assertThat(template(spec).getMetadata().getLabels()).doesNotContainKey("kappa.dev/role");

        spec.serviceAccountName = "reporter";
        spec.environment = List.of(new EnvironmentVariable());
        spec.environment.getFirst().name = "AWS_ENDPOINT_URL_STS";
        spec.environment.getFirst().value = "http://own";

        assertThat(variables(spec))
                .containsEntry("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:8080/role")
                .containsEntry("AWS_ENDPOINT_URL_LAMBDA", "http://kappa-gateway.kappa-system.svc:8080")
                .containsEntry("AWS_ENDPOINT_URL_STS", "http://own")
                .containsKey("AWS_CONTAINER_AUTHORIZATION_TOKEN");
        assertThat(template(spec).getMetadata().getLabels()).containsEntry("kappa.dev/role", "own");
    }

    private PodTemplateSpec template(FunctionSpec spec) {
        return desired.of(Workloads.of(spec)).getSpec().getTemplate();
    }

    /** Of the handler's container. */
    private Map<String, String> variables(FunctionSpec spec) {
        return template(spec).getSpec().getContainers().getLast().getEnv().stream()
                .filter(it -> it.getValue() != null)
                .collect(Collectors.toMap(EnvVar::getName, EnvVar::getValue));
    }

    @Test
    void whatChangesAnImageChangesTheRevision() {
        String before = desired.revision(Workloads.of(Workloads.image("app:1")));

        assertThat(desired.revision(Workloads.of(Workloads.image("app:2")))).isNotEqualTo(before);
        FunctionSpec command = Workloads.image("app:1");
        command.code.image.command = List.of("/other");
        assertThat(desired.revision(Workloads.of(command))).isNotEqualTo(before);
    }

    @Test
    void layersReachTheShimInTheirOrderWhichTheRevisionTells() {
        String one = "11".repeat(32);
        String two = "22".repeat(32);

        assertThat(Serialization.asYaml(desired.of(layered(one, two))))
                .contains("name: \"KAPPA_LAYERS\"\n          value: \"" + one + "," + two + "\"");
        assertThat(desired.revision(layered(one, two))).isNotEqualTo(desired.revision(layered(two, one)));
        assertThat(desired.revision(layered(one))).isNotEqualTo(desired.revision(layered()));
        assertThat(desired.revision(layered())).isEqualTo(desired.revision(Workloads.of(Workloads.spec())));
    }

    private static Workload layered(String... layers) {
        Workload workload = Workloads.of(Workloads.spec());
        List<StoredPackage> stored =
                Stream.of(layers).map(layer -> new StoredPackage(layer, null)).toList();
        return new Workload(
                workload.id(),
                workload.owner(),
                workload.spec(),
                new Packages(workload.packages().code(), stored));
    }

    @Test
    void whatChangesAnInstanceChangesTheRevision() {
        String before = revision(spec -> {});

        assertThat(revision(spec -> spec.handler = "app.other")).isNotEqualTo(before);
        assertThat(revision(spec -> spec.timeoutSeconds = 31)).isNotEqualTo(before);
        assertThat(revision(spec -> spec.memory = new Quantity("257Mi"))).isNotEqualTo(before);
        assertThat(revision(spec -> spec.environment = List.of())).isNotEqualTo(before);
        assertThat(revision(spec -> spec.serviceAccountName = "role")).isNotEqualTo(before);
    }

    @Test
    void whatOnlyTheAutoscalerReadsDoesNot() {
        assertThat(revision(spec -> {
                    spec.scaling.max = 11;
                    spec.concurrency.reserved = 3;
                }))
                .isEqualTo(revision(spec -> {}));
    }

    @ParameterizedTest
    @CsvSource({"128Mi, 18m", "256Mi, 36m", "1769Mi, 250m", "10240Mi, 1447m", "1Gi, 145m"})
    void cpuIsLambdasShareByTheOvercommitFactor(String memory, String cpu) {
        FunctionSpec spec = Workloads.spec();
        spec.memory = new Quantity(memory);

        assertThat(Workloads.PLATFORM.sizing().of(spec).getRequests().get("cpu"))
                .isEqualTo(new Quantity(cpu));
    }

    private String revision(Consumer<FunctionSpec> change) {
        FunctionSpec spec = Workloads.spec();
        change.accept(spec);
        return desired.revision(Workloads.of(spec));
    }

    private static String golden(String file) throws IOException {
        try (InputStream in = Objects.requireNonNull(DesiredDeploymentTest.class.getResourceAsStream(file))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
