package dev.kappa.controlplane.api;

import dev.kappa.lambda.Accounts;
import dev.kappa.lambda.DnsLabels;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A layer, or one of its versions, that a call names.
 *
 * @param namespace whose
 * @param name as callers write it
 * @param version null for the layer
 */
record LayerName(String namespace, String name, @Nullable Long version) {
    private static final Pattern ARN =
            Pattern.compile("arn:[^:]*:lambda:[a-z0-9-]+:(\\d{12}):layer:([a-zA-Z0-9_-]+)(?::(\\d{1,18}))?");

    /**
     * Reads a name, or the ARN of a layer or a version.
     *
     * @param written as the call gives it
     * @param accounts find the namespace
     * @return empty for an account that no namespace has
     */
    static Optional<LayerName> parse(String written, Accounts accounts) {
        Matcher arn = ARN.matcher(written);
        if (!arn.matches()) {
            return Optional.of(new LayerName(accounts.defaultNamespace(), written, null));
        }
        String version = arn.group(3);
        return accounts.namespace(arn.group(1))
                .map(it -> new LayerName(it, arn.group(2), version == null ? null : Long.valueOf(version)));
    }

    /** The version of the same layer with a number. */
    LayerName at(long number) {
        return new LayerName(namespace, name, number);
    }

    /** Name of the resource. */
    String label() {
        return DnsLabels.ofFunction(name);
    }

    /** ARN of the layer, or of the version if it is one. */
    String arn(Accounts accounts) {
        String arn = accounts.layerArn(namespace, name);
        return version == null ? arn : arn + ":" + version;
    }
}
