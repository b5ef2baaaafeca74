package dev.kappa.operator.workload;

import dev.kappa.api.v1alpha1.Code;
import dev.kappa.api.v1alpha1.Concurrency;
import dev.kappa.api.v1alpha1.EnvironmentVariable;
import dev.kappa.api.v1alpha1.Function;
import dev.kappa.api.v1alpha1.FunctionSpec;
import dev.kappa.api.v1alpha1.Scaling;
import dev.kappa.lambda.Accounts;
import dev.kappa.lambda.VersionKey;
import dev.kappa.operator.code.Packages;
import dev.kappa.operator.code.StoredPackage;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.Map;

/** What the tests of this package run on. */
final class Workloads {
    static final Platform PLATFORM = new Platform(
            Map.of("python3.13", "kappa/runtime-python3.13:1", "image", "kappa/runtime-image:1"),
            Map.of("python3.13", "python3.13", "python3.12", "python3.13"),
            new Sizing(4),
            "http://kappa-gateway-hello.kappa-system.svc.cluster.local.:8081",
            "http://kappa-gateway.kappa-system.svc:8080",
            "us-east-1",
            new Accounts("us-east-1", "default"),
            "key");

    private Workloads() {}

    static FunctionSpec spec() {
        FunctionSpec spec = limits();
        spec.runtime = "python3.13";
        spec.handler = "app.handler";
        spec.code = new Code();
        spec.code.inline = Map.of("app.py", "def handler(event, context): return event");
        spec.concurrency.perInstance = 2;
        return spec;
    }

    static FunctionSpec image(String reference) {
        FunctionSpec spec = limits();
        spec.code = new Code();
        spec.code.image = new Code.Image();
        spec.code.image.reference = reference;
        return spec;
    }

    private static FunctionSpec limits() {
        FunctionSpec spec = new FunctionSpec();
        spec.memory = new Quantity("256Mi");
        spec.timeoutSeconds = 30;
        spec.ephemeralStorage = new Quantity("512Mi");
        spec.environment = List.of(variable("STAGE", "$(prod)"), variable("EMPTY", ""));
        spec.concurrency = new Concurrency();
        spec.concurrency.perInstance = 1;
        spec.scaling = new Scaling();
        spec.scaling.min = 0;
        spec.scaling.max = 10;
        spec.scaling.idleTimeout = "5m";
        return spec;
    }

    static Workload of(FunctionSpec spec) {
        Function function = new Function();
        function.getMetadata().setNamespace("media");
        function.getMetadata().setName("thumbnails");
        function.getMetadata().setUid("6b1c");
        function.getMetadata().setGeneration(1L);
        function.setSpec(spec);
        return new Workload(
                new VersionKey("media", "thumbnails", VersionKey.LATEST),
                function,
                spec,
                spec.code.image == null
                        ? new Packages(new StoredPackage("ab".repeat(32), null), List.of())
                        : Packages.NONE);
    }

    private static EnvironmentVariable variable(String name, String value) {
        EnvironmentVariable variable = new EnvironmentVariable();
        variable.name = name;
        variable.value = value;
        return variable;
    }
}
