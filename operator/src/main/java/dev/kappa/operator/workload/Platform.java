package dev.kappa.operator.workload;

import java.util.Map;

/**
 * What all pod templates have in common.
 *
 * @param runtimes image of each runtime
 * @param sizing how memory becomes resources
 * @param gatewayUrl base address of the gateway's internal listener
 * @param region what functions see as their region
 * @param secret the installation's key
 */
public record Platform(Map<String, String> runtimes, Sizing sizing, String gatewayUrl, String region, String secret) {
    /**
     * Image of a runtime.
     *
     * @param runtime as in a Function's specification
     * @throws IllegalStateException if the chart names none
     */
    String image(String runtime) {
        String image = runtimes.get(runtime);
        if (image == null) {
            throw new IllegalStateException("The chart names no image of the runtime " + runtime
                    + "; set its value runtimes, which has " + runtimes.keySet() + ".");
        }
        return image;
    }
}
