package dev.kappa.gateway;

import java.net.URI;
import java.time.Duration;
import java.util.List;
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
 * @param async asynchronous events
 */
record Settings(
        String namespace,
        String podName,
        String podIp,
        String secret,
        String natsUrl,
        String region,
        String defaultNamespace,
        int queueLimit,
        AsyncSettings async) {
    /**
     * What concerns asynchronous events.
     *
     * @param monitor monitoring port of the NATS servers ({@code KAPPA_NATS_MONITOR})
     * @param replicas in how many servers streams are kept ({@code KAPPA_NATS_REPLICAS})
     * @param queueBytes of one function's queue ({@code KAPPA_ASYNC_QUEUE_BYTES})
     * @param deadLetterBytes of one function's dead letters ({@code KAPPA_ASYNC_DEAD_LETTER_BYTES})
     * @param deadLetterRetention how long they are kept ({@code KAPPA_ASYNC_DEAD_LETTER_HOURS})
     * @param outcomeBytes of how events ended ({@code KAPPA_ASYNC_OUTCOME_BYTES})
     * @param outcomeRetention how long it is known how events ended ({@code KAPPA_ASYNC_OUTCOME_HOURS})
     * @param firstRetry after how long an event runs again that failed ({@code KAPPA_ASYNC_FIRST_RETRY_SECONDS})
     * @param destinationLimit how long a destination is tried ({@code KAPPA_ASYNC_DESTINATION_SECONDS})
     * @param privateHosts hosts that web hooks may name though they are private ({@code KAPPA_ASYNC_PRIVATE_HOSTS})
     */
    record AsyncSettings(
            URI monitor,
            int replicas,
            long queueBytes,
            long deadLetterBytes,
            Duration deadLetterRetention,
            long outcomeBytes,
            Duration outcomeRetention,
            Duration firstRetry,
            Duration destinationLimit,
            List<String> privateHosts) {
        static AsyncSettings from(Map<String, String> env) {
            return new AsyncSettings(
                    URI.create(env.getOrDefault("KAPPA_NATS_MONITOR", "http://kappa-nats-headless:8222")),
                    positive(env, "KAPPA_NATS_REPLICAS", 1),
                    positive(env, "KAPPA_ASYNC_QUEUE_BYTES", 128L << 20),
                    positive(env, "KAPPA_ASYNC_DEAD_LETTER_BYTES", 32L << 20),
                    Duration.ofHours(positive(env, "KAPPA_ASYNC_DEAD_LETTER_HOURS", 14 * 24)),
                    positive(env, "KAPPA_ASYNC_OUTCOME_BYTES", 1L << 30),
                    Duration.ofHours(positive(env, "KAPPA_ASYNC_OUTCOME_HOURS", 24)),
                    Duration.ofSeconds(positive(env, "KAPPA_ASYNC_FIRST_RETRY_SECONDS", 60)),
                    Duration.ofSeconds(positive(env, "KAPPA_ASYNC_DESTINATION_SECONDS", 3600)),
                    List.of(env.getOrDefault("KAPPA_ASYNC_PRIVATE_HOSTS", "").split(",")));
        }
    }

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
                positive(env, "KAPPA_QUEUE_LIMIT", 1000),
                AsyncSettings.from(env));
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
        return (int) Math.min(Integer.MAX_VALUE, positive(env, name, (long) otherwise));
    }

    private static long positive(Map<String, String> env, String name, long otherwise) {
        String value = env.get(name);
        if (value == null || value.isBlank()) {
            return otherwise;
        }
        try {
            long number = Long.parseLong(value.strip());
            if (number > 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " must be a whole number above 0, but is '" + value + "'.", e);
        }
        throw new IllegalArgumentException(name + " must be above 0, but is " + value + ".");
    }
}
