package dev.kappa.gateway;

import java.util.Map;

/**
 * The gateway's configuration, from its environment.
 *
 * @param namespace where Kappa itself runs ({@code KAPPA_NAMESPACE})
 * @param podName name of this pod ({@code POD_NAME})
 * @param podIp its address ({@code POD_IP})
 * @param secret the installation's key ({@code KAPPA_INSTANCE_SECRET})
 * @param natsUrl where packages are kept ({@code KAPPA_NATS_URL})
 * @param region what ARNs show ({@code KAPPA_REGION})
 * @param defaultNamespace namespace of names without one ({@code KAPPA_DEFAULT_NAMESPACE})
 * @param queueLimit events of one version that may wait ({@code KAPPA_QUEUE_LIMIT})
 */
record Settings(
        String namespace,
        String podName,
        String podIp,
        String secret,
        String natsUrl,
        String region,
        String defaultNamespace,
        int queueLimit) {
    /**
     * Reads the environment.
     *
     * @param env variables by name
     * @throws IllegalArgumentException if one is missing or malformed
     */
    static Settings from(Map<String, String> env) {
        return new Settings(
                env.getOrDefault("KAPPA_NAMESPACE", "kappa-system"),
                required(env, "POD_NAME"),
                required(env, "POD_IP"),
                required(env, "KAPPA_INSTANCE_SECRET"),
                env.getOrDefault("KAPPA_NATS_URL", "nats://kappa-nats:4222"),
                env.getOrDefault("KAPPA_REGION", "us-east-1"),
                env.getOrDefault("KAPPA_DEFAULT_NAMESPACE", "default"),
                positive(env, "KAPPA_QUEUE_LIMIT", 1000));
    }

    private static String required(Map<String, String> env, String name) {
        String value = env.get(name);
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException(
                    "The environment variable " + name + " is not set; the chart sets it in the gateway's Deployment.");
        }
        return value;
    }

    private static int positive(Map<String, String> env, String name, int otherwise) {
        String value = env.get(name);
        if (value == null || value.isBlank()) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(value.strip());
            if (number > 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " must be a whole number above 0, but is '" + value + "'.", e);
        }
        throw new IllegalArgumentException(name + " must be above 0, but is " + value + ".");
    }
}
