package dev.kappa.lambda;

import org.jspecify.annotations.Nullable;

/**
 * A function that was asked for, its namespace known.
 *
 * @param namespace Kubernetes namespace
 * @param function name of the function
 * @param qualifier {@code $LATEST}, a number or an alias; null if the caller gave none
 */
public record FunctionRef(
        String namespace, String function, @Nullable String qualifier) {}
