package dev.kappa.operator.workload;

import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonInclude.Value;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.kappa.api.v1alpha1.Code;
import dev.kappa.api.v1alpha1.Destination;
import dev.kappa.api.v1alpha1.EnvironmentVariable;
import dev.kappa.api.v1alpha1.EnvironmentVariable.KeyReference;
import dev.kappa.api.v1alpha1.FunctionSpec;
import dev.kappa.operator.code.Packages;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Digest of what a published version freezes: code and configuration, but neither limits nor scaling, which Lambda
 * leaves out of its versions as well.
 */
public final class ConfigDigest {
    /** Says nothing of what is not set, so that a field that a later release adds changes no digest. */
    private static final ObjectMapper JSON = JsonMapper.builder()
            .defaultPropertyInclusion(Value.construct(Include.NON_EMPTY, Include.NON_NULL))
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    private ConfigDigest() {}

    /**
     * Hashes a specification.
     *
     * @param spec defaults filled in by the API server
     * @param packages code and layers
     * @return 64 lower-case hex digits
     */
    public static String of(FunctionSpec spec, Packages packages) {
        MessageDigest digest = sha256();
        add(digest, packages.codeSha256());
        add(digest, spec.runtime);
        add(digest, spec.handler);
        add(digest, Integer.toString(Sizing.memoryMib(spec)));
        add(digest, spec.ephemeralStorage.toString());
        add(digest, Integer.toString(spec.timeoutSeconds));
        add(digest, Integer.toString(spec.concurrency.perInstance));
        add(digest, spec.serviceAccountName);
        if (spec.code.image != null) {
            add(digest, spec.code.image);
        }
        if (spec.environment != null) {
            spec.environment.forEach(variable -> add(digest, variable));
        }
        if (spec.deadLetter != null) {
            add(digest, spec.deadLetter);
        }
        // Only then, so that functions without layers keep the digests that they have.
        if (!packages.layers().isEmpty()) {
            add(digest, "layers");
            packages.layerSha256s().forEach(layer -> add(digest, layer));
        }
        // Likewise.
        addIfSet(digest, "network", spec.network);
        addIfSet(digest, "scheduling", spec.scheduling);
        addIfSet(digest, "pod", spec.pod);
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void addIfSet(MessageDigest digest, String field, @Nullable Object value) {
        if (value != null) {
            add(digest, field);
            try {
                add(digest, JSON.writeValueAsString(value));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("spec." + field + " cannot be written as JSON", e);
            }
        }
    }

    private static void add(MessageDigest digest, Code.Image image) {
        add(digest, image.reference);
        add(digest, image.command == null ? null : image.command.toString());
        add(digest, image.args == null ? null : image.args.toString());
        add(digest, image.workingDir);
    }

    private static void add(MessageDigest digest, EnvironmentVariable variable) {
        add(digest, variable.name);
        add(digest, variable.value);
        if (variable.valueFrom != null) {
            KeyReference secret = variable.valueFrom.secretKeyRef;
            KeyReference map = variable.valueFrom.configMapKeyRef;
            if (map != null) {
                add(digest, "configMap");
            }
            add(digest, secret != null ? secret.name : map.name);
            add(digest, secret != null ? secret.key : map.key);
        }
    }

    private static void add(MessageDigest digest, Destination destination) {
        add(digest, destination.function);
        add(digest, destination.nats == null ? null : destination.nats.subject);
        add(digest, destination.url == null ? null : destination.url.location);
    }

    static void add(MessageDigest digest, @Nullable String text) {
        digest.update((text == null ? "-" : "+" + text).getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
