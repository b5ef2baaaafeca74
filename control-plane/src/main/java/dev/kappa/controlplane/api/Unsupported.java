package dev.kappa.controlplane.api;

import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.RefusedException;
import dev.kappa.lambda.model.Members;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Refuses what a call gives and Kappa does not have; what says nothing, such as an empty list, is no obstacle. */
final class Unsupported {
    private static final Map<String, String> INSTEAD = new LinkedHashMap<>();

    /** What these say is what is done anyway. */
    private static final Map<String, Set<Object>> ANYWAY = Map.of(
            "TracingConfig", Set.of("PassThrough"), "SnapStart", Set.of("None"), "S3ObjectStorageMode", Set.of("COPY"));

    static {
        INSTEAD.put("VpcConfig", "where instances may connect to is spec.network of the Function");
        INSTEAD.put("FileSystemConfigs", "functions of Kappa have no file systems besides /tmp");
        INSTEAD.put("KMSKeyArn", "keep what is secret in a Secret, and name it in spec.environment with kubectl");
        INSTEAD.put("SourceKMSKeyArn", "packages of Kappa are not encrypted by keys of KMS");
        INSTEAD.put("S3ObjectStorageMode", "what a bucket has is copied into the package store");
        INSTEAD.put("CodeSigningConfigArn", "Kappa checks no signatures of code");
        INSTEAD.put("TracingConfig", "Kappa has no X-Ray; trace headers are passed on in the mode PassThrough");
        INSTEAD.put("SnapStart", "instances of Kappa start from no snapshot; keep some with spec.scaling.min");
        INSTEAD.put("PublishTo", "Kappa has no managed instances");
        INSTEAD.put("TenancyConfig", "Kappa keeps no tenants of one function apart");
        INSTEAD.put("CapacityProviderConfig", "Kappa has no capacity providers; nodes are chosen in spec.scheduling");
        INSTEAD.put("DurableConfig", "Kappa has no durable functions");
        INSTEAD.put("RuntimeConfig", "Kappa has the runtimes of its chart");
        INSTEAD.put("AcceleratorConfig", "nodes are chosen in spec.scheduling of the Function");
    }

    private Unsupported() {}

    /**
     * Looks at all that is given.
     *
     * @throws RefusedException 400 that says what to use instead
     */
    static void check(Members given) {
        given.values().forEach((name, value) -> {
            String instead = INSTEAD.get(name);
            if (instead != null && value != null && saysSomething(name, value)) {
                throw new RefusedException(
                        AwsError.invalidParameter(name + " is not supported by Kappa: " + instead + ". Leave it out."));
            }
            if (instead == null && value instanceof Members inner) {
                check(inner);
            }
        });
    }

    /** The members that it refuses if they say something, with what to use instead. */
    static Map<String, String> members() {
        return Collections.unmodifiableMap(INSTEAD);
    }

    private static boolean saysSomething(String name, Object value) {
        return switch (value) {
            case Members members -> members.values().values().stream().anyMatch(it -> saysSomething(name, it));
            case Collection<?> collection -> !collection.isEmpty();
            case String text ->
                !text.isEmpty() && !ANYWAY.getOrDefault(name, Set.of()).contains(text);
            case Boolean flag -> flag;
            default -> true;
        };
    }
}
