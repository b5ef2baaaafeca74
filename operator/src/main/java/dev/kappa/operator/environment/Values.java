package dev.kappa.operator.environment;

import org.jspecify.annotations.Nullable;

/**
 * What the Secrets and ConfigMaps that a version names hold now.
 *
 * @param digest of their values, by which nobody can try values out; empty if none are named, or one is missing
 * @param missing what is, in a sentence without its dot; null for nothing
 */
public record Values(String digest, @Nullable String missing) {
    /** Of a version that names none. */
    public static final Values NONE = new Values("", null);
}
