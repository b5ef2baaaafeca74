package dev.kappa.operator.workload;

import dev.kappa.api.v1alpha1.EnvironmentVariable;
import dev.kappa.api.v1alpha1.EnvironmentVariable.KeyReference;
import dev.kappa.api.v1alpha1.FunctionSpec;
import dev.kappa.wire.InstanceToken;
import dev.kappa.wire.Wire;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.EnvVarSourceBuilder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Environment variables of an instance's containers. */
final class ContainerEnvironment {
    private final Platform platform;

    ContainerEnvironment(Platform platform) {
        this.platform = platform;
    }

    /** Of the shim, without the user's. */
    List<EnvVar> ofShim(Workload workload, String revision) {
        FunctionSpec spec = workload.spec();
        List<EnvVar> env = new ArrayList<>();
        env.add(value("KAPPA_NAMESPACE", workload.id().namespace()));
        env.add(value("KAPPA_FUNCTION", workload.id().function()));
        if (spec.functionName != null) {
            env.add(value("KAPPA_FUNCTION_NAME", spec.functionName));
        }
        env.add(value("KAPPA_VERSION", workload.id().version()));
        env.add(value("KAPPA_REVISION", revision));
        env.add(field("KAPPA_POD", "metadata.name"));
        env.add(field("KAPPA_POD_IP", "status.podIP"));
        env.add(value("KAPPA_RUNTIME", workload.runtime()));
        env.add(value("KAPPA_HANDLER", spec.handler));
        env.add(value("KAPPA_TIMEOUT_MS", Integer.toString(spec.timeoutSeconds * 1000)));
        env.add(value("KAPPA_MEMORY_MB", Integer.toString(Sizing.memoryMib(spec))));
        env.add(value("KAPPA_PER_INSTANCE", Integer.toString(spec.concurrency.perInstance)));
        env.add(value("KAPPA_CODE_SHA256", workload.packages().codeSha256()));
        if (!workload.packages().layers().isEmpty()) {
            env.add(value("KAPPA_LAYERS", String.join(",", workload.packages().layerSha256s())));
        }
        env.add(value("KAPPA_GATEWAY_URL", platform.gatewayUrl()));
        env.add(value("KAPPA_REGION", platform.region()));
        env.add(value(
                "KAPPA_ACCOUNT_ID", platform.accounts().account(workload.id().namespace())));
        env.add(value("KAPPA_VERSION_SECRET", secret(workload)));
        if (workload.isImage()) {
            env.add(value("KAPPA_RUNTIME_API_PORT", Integer.toString(Wire.RUNTIME_API_PORT)));
        }
        return env;
    }

    /** Of the container of a user's image: Lambda's and the user's. */
    List<EnvVar> ofImage(Workload workload) {
        FunctionSpec spec = workload.spec();
        List<EnvVar> env = new ArrayList<>();
        env.add(value("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:" + Wire.RUNTIME_API_PORT));
        env.add(value("AWS_LAMBDA_FUNCTION_NAME", name(workload)));
        env.add(value("AWS_LAMBDA_FUNCTION_VERSION", workload.id().version()));
        env.add(value("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", Integer.toString(Sizing.memoryMib(spec))));
        env.add(value("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"));
        env.add(value("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/" + name(workload)));
        env.add(field("AWS_LAMBDA_LOG_STREAM_NAME", "metadata.name"));
        env.add(value("AWS_EXECUTION_ENV", "AWS_Lambda_Image"));
        env.add(value("AWS_REGION", platform.region()));
        env.add(value("AWS_DEFAULT_REGION", platform.region()));
        env.add(value("LAMBDA_TASK_ROOT", "/var/task"));
        env.add(value("LAMBDA_RUNTIME_DIR", "/var/runtime"));
        List<EnvVar> given = ofUser(workload);
        if (given.stream().noneMatch(variable -> variable.getName().equals("TZ"))) {
            env.add(value("TZ", ":UTC"));
        }
        if (spec.handler != null) {
            env.add(value("_HANDLER", spec.handler));
        }
        env.addAll(given);
        return env;
    }

    /** As handlers see it. */
    private static String name(Workload workload) {
        String name = workload.spec().functionName;
        return name == null ? workload.id().function() : name;
    }

    /** What the manifest gives, and how SDKs get credentials of the execution role if there is one. */
    List<EnvVar> ofUser(Workload workload) {
        FunctionSpec spec = workload.spec();
        List<EnvVar> env = new ArrayList<>();
        if (spec.environment != null) {
            spec.environment.stream().map(ContainerEnvironment::variable).forEach(env::add);
        }
        if (spec.serviceAccountName != null) {
            addUnlessGiven(env, "AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:" + Wire.SHIM_PORT + Wire.ROLE);
            addUnlessGiven(env, "AWS_CONTAINER_AUTHORIZATION_TOKEN", InstanceToken.ofHandler(secret(workload)));
            addUnlessGiven(env, "AWS_ENDPOINT_URL_LAMBDA", platform.endpointUrl());
            addUnlessGiven(env, "AWS_ENDPOINT_URL_STS", platform.endpointUrl());
        }
        return env;
    }

    private static void addUnlessGiven(List<EnvVar> env, String name, String value) {
        if (env.stream().noneMatch(variable -> variable.getName().equals(name))) {
            env.add(value(name, value));
        }
    }

    /** Of which the shim and the gateways make the tokens that they show each other. */
    String secret(Workload workload) {
        return InstanceToken.secret(
                platform.secret().getBytes(StandardCharsets.UTF_8),
                workload.id().namespace(),
                workload.id().function(),
                workload.id().version());
    }

    /**
     * What Kubernetes makes the given text of again: it expands {@code $(NAME)}, and takes {@code $$} for one dollar sign.
     */
    static String escaped(String text) {
        return text.contains("$$") || text.contains("$(") ? text.replace("$", "$$") : text;
    }

    private static EnvVar variable(EnvironmentVariable variable) {
        if (variable.valueFrom == null) {
            return value(variable.name, variable.value);
        }
        KeyReference secret = variable.valueFrom.secretKeyRef;
        KeyReference map = variable.valueFrom.configMapKeyRef;
        EnvVarSourceBuilder source = new EnvVarSourceBuilder();
        return new EnvVarBuilder()
                .withName(variable.name)
                .withValueFrom(
                        secret != null
                                ? source.withNewSecretKeyRef(secret.key, secret.name, null)
                                        .build()
                                : source.withNewConfigMapKeyRef(map.key, map.name, null)
                                        .build())
                .build();
    }

    private static EnvVar value(String name, @Nullable String value) {
        // The API server drops an empty value; a template that has one would differ for ever.
        return new EnvVarBuilder()
                .withName(name)
                .withValue(value == null || value.isEmpty() ? null : escaped(value))
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
