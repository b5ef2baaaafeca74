package dev.kappa.operator.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.api.v1alpha1.FunctionSpec;
import dev.kappa.api.v1alpha1.ReservedVariables;
import io.fabric8.kubernetes.api.model.EnvVar;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReservedNamesTest {
    @Test
    void whatThePlatformSetsUsersMayNotSet() {
        ContainerEnvironment environment = new ContainerEnvironment(Workloads.PLATFORM);
        FunctionSpec spec = Workloads.image("app:1");
        spec.environment = List.of();

        assertThat(Stream.concat(
                                environment.ofShim(Workloads.of(spec), "r1").stream(),
                                environment.ofImage(Workloads.of(spec)).stream())
                        .map(EnvVar::getName)
                        // Lambda gives it a default only.
                        .filter(name -> !name.equals("TZ")))
                .hasSizeGreaterThan(20)
                .allMatch(ReservedVariables::contains);
    }
}
