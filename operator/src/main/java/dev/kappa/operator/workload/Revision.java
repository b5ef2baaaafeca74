package dev.kappa.operator.workload;

import dev.kappa.api.v1alpha1.EnvironmentVariable;
import dev.kappa.api.v1alpha1.FunctionSpec;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Names code and configuration by a hash: instances of one revision are alike, those of two are not. */
final class Revision {
    private static final int DIGITS = 10;

    private Revision() {}

    static String of(Workload workload, String image) {
        FunctionSpec spec = workload.spec();
        MessageDigest digest = sha256();
        add(digest, image);
        add(digest, workload.codeSha256());
        add(digest, spec.handler);
        add(digest, Integer.toString(Sizing.memoryMib(spec)));
        add(digest, spec.ephemeralStorage.toString());
        add(digest, Integer.toString(spec.timeoutSeconds));
        add(digest, Integer.toString(spec.concurrency.perInstance));
        add(digest, spec.serviceAccountName);
        if (spec.environment != null) {
            spec.environment.forEach(variable -> add(digest, variable));
        }
        return HexFormat.of().formatHex(digest.digest()).substring(0, DIGITS);
    }

    private static void add(MessageDigest digest, EnvironmentVariable variable) {
        add(digest, variable.name);
        add(digest, variable.value);
        if (variable.valueFrom != null) {
            add(digest, variable.valueFrom.secretKeyRef.name);
            add(digest, variable.valueFrom.secretKeyRef.key);
        }
    }

    private static void add(MessageDigest digest, @Nullable String text) {
        digest.update((text == null ? "-" : "+" + text).getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
