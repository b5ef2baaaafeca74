package dev.kappa.operator.workload;

import dev.kappa.api.v1alpha1.EnvironmentVariable;
import dev.kappa.api.v1alpha1.FunctionSpec;
import dev.kappa.wire.InstanceToken;
import dev.kappa.wire.Wire;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The pod of an instance: one container, no volume, no probe, nothing that a cold start would wait for. */
final class PodTemplate {
    static final String CONTAINER = "function";
    private static final long USER = 65532;
    /** On top of the longest event: the shim notices SIGTERM, answers and leaves. */
    private static final int GRACE_SECONDS = 10;

    private final Platform platform;

    PodTemplate(Platform platform) {
        this.platform = platform;
    }

    PodSpec of(Workload workload, String revision) {
        FunctionSpec spec = workload.spec();
        return new PodSpecBuilder()
                .withAutomountServiceAccountToken(false)
                .withEnableServiceLinks(false)
                .withServiceAccountName(spec.serviceAccountName)
                .withTerminationGracePeriodSeconds((long) spec.timeoutSeconds + GRACE_SECONDS)
                .withNewSecurityContext()
                .withRunAsNonRoot(true)
                .withRunAsUser(USER)
                .withRunAsGroup(USER)
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .endSecurityContext()
                .addNewContainer()
                .withName(CONTAINER)
                .withImage(platform.image(spec.runtime))
                .withImagePullPolicy("IfNotPresent")
                .addNewPort()
                .withName("shim")
                .withContainerPort(Wire.SHIM_PORT)
                .withProtocol("TCP")
                .endPort()
                .withEnv(environment(workload, revision))
                .withResources(platform.sizing().of(spec))
                .withNewSecurityContext()
                .withAllowPrivilegeEscalation(false)
                .withNewCapabilities()
                .withDrop("ALL")
                .endCapabilities()
                .endSecurityContext()
                .endContainer()
                .build();
    }

    private List<EnvVar> environment(Workload workload, String revision) {
        FunctionSpec spec = workload.spec();
        List<EnvVar> env = new ArrayList<>();
        env.add(value("KAPPA_NAMESPACE", workload.id().namespace()));
        env.add(value("KAPPA_FUNCTION", workload.id().function()));
        env.add(value("KAPPA_VERSION", workload.id().version()));
        env.add(value("KAPPA_REVISION", revision));
        env.add(field("KAPPA_POD", "metadata.name"));
        env.add(field("KAPPA_POD_IP", "status.podIP"));
        env.add(value("KAPPA_RUNTIME", spec.runtime));
        env.add(value("KAPPA_HANDLER", spec.handler));
        env.add(value("KAPPA_TIMEOUT_MS", Integer.toString(spec.timeoutSeconds * 1000)));
        env.add(value("KAPPA_MEMORY_MB", Integer.toString(Sizing.memoryMib(spec))));
        env.add(value("KAPPA_PER_INSTANCE", Integer.toString(spec.concurrency.perInstance)));
        env.add(value("KAPPA_CODE_SHA256", workload.codeSha256()));
        env.add(value("KAPPA_GATEWAY_URL", platform.gatewayUrl()));
        env.add(value("KAPPA_REGION", platform.region()));
        env.add(value(
                "KAPPA_TOKEN",
                InstanceToken.ofVersion(
                        platform.secret().getBytes(StandardCharsets.UTF_8),
                        workload.id().namespace(),
                        workload.id().function(),
                        workload.id().version())));
        if (spec.environment != null) {
            spec.environment.forEach(variable -> env.add(variable(variable)));
        }
        return env;
    }

    private static EnvVar variable(EnvironmentVariable variable) {
        if (variable.valueFrom == null) {
            return value(variable.name, escaped(variable.value));
        }
        return new EnvVarBuilder()
                .withName(variable.name)
                .withNewValueFrom()
                .withNewSecretKeyRef(variable.valueFrom.secretKeyRef.key, variable.valueFrom.secretKeyRef.name, null)
                .endValueFrom()
                .build();
    }

    /** Kubernetes expands {@code $(NAME)}; Lambda takes values as they are. */
    private static String escaped(String value) {
        return value.replace("$(", "$$(");
    }

    private static EnvVar value(String name, String value) {
        // The API server drops an empty value; a template that has one would differ for ever.
        return new EnvVarBuilder()
                .withName(name)
                .withValue(value.isEmpty() ? null : value)
                .build();
    }

    private static EnvVar field(String name, String path) {
        return new EnvVarBuilder()
                .withName(name)
                .withNewValueFrom()
                .withNewFieldRef("v1", path)
                .endValueFrom()
                .build();
    }
}
