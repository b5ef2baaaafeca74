package dev.kappa.operator.workload;

import dev.kappa.lambda.Accounts;
import java.util.Map;
import java.util.TreeSet;

/**
 * What all pod templates have in common.
 *
 * @param runtimes image of each runtime
 * @param runtimeNames the runtime that each name of a Function's specification means
 * @param sizing how memory becomes resources
 * @param gatewayUrl base address of the gateway's internal listener
 * @param endpointUrl base address of the gateway's public listener
 * @param region what functions see as their region
 * @param accounts the account of each namespace
 * @param secret the installation's key
 */
public record Platform(
        Map<String, String> runtimes,
        Map<String, String> runtimeNames,
        Sizing sizing,
        String gatewayUrl,
        String endpointUrl,
        String region,
        Accounts accounts,
        String secret) {
    /**
     * Image of a runtime.
     *
     * @param runtime as in a Function's specification
     * @throws IllegalStateException if the chart names none
     */
    String image(String runtime) {
        String image = runtimes.get(meant(runtime));
        if (image == null) {
            throw new IllegalStateException("spec.runtime: this cluster has no runtime " + runtime + ", but "
                    + new TreeSet<>(runtimes.keySet()) + "; add it to the chart's value runtimes, or choose another");
        }
        return image;
    }

    /** The runtime of the cluster that a name means. */
    String meant(String runtime) {
        return runtimeNames.getOrDefault(runtime, runtime);
    }
}
