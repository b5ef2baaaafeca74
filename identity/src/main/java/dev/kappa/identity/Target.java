package dev.kappa.identity;

import org.jspecify.annotations.Nullable;

/**
 * What a call is about.
 *
 * @param namespace empty for one that is not known, so that rights in all of them are needed
 * @param function empty for none, or if it cannot be read
 * @param qualifier of the function: {@code $LATEST}, a number or an alias; null for none
 */
public record Target(
        String namespace, String function, @Nullable String qualifier) {
    /**
     * All functions of a namespace.
     *
     * @param namespace its name
     * @return the target
     */
    public static Target namespace(String namespace) {
        return new Target(namespace, "", null);
    }
}
