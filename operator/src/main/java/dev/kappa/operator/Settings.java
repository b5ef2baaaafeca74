package dev.kappa.operator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The operator's configuration, from its environment.
 *
 * @param namespace where Kappa itself runs ({@code KAPPA_NAMESPACE})
 * @param podName name of this pod, its identity in the leader election ({@code POD_NAME})
 * @param runtimes image of each runtime ({@code KAPPA_RUNTIMES}, a JSON object)
 * @param cpuOvercommit by how much CPU requests are less than Lambda's share ({@code KAPPA_CPU_OVERCOMMIT})
 * @param gatewayUrl base address of the gateway's internal listener ({@code KAPPA_GATEWAY_URL})
 * @param invokeUrl base address of the gateway's Invoke API ({@code KAPPA_INVOKE_URL})
 * @param prometheusUrl base address of the Prometheus that alarms may query, empty for none
 *     ({@code KAPPA_PROMETHEUS_URL})
 * @param region what functions see as their region ({@code KAPPA_REGION})
 * @param secret the installation's key ({@code KAPPA_INSTANCE_SECRET})
 * @param privateCodeHosts hosts with private addresses that {@code code.url} may name
 *     ({@code KAPPA_PRIVATE_CODE_HOSTS}, separated by commas)
 */
record Settings(
        String namespace,
        String podName,
        Map<String, String> runtimes,
        double cpuOvercommit,
        String gatewayUrl,
        String invokeUrl,
        String prometheusUrl,
        String region,
        String secret,
        List<String> privateCodeHosts) {

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
                runtimes(required(env, "KAPPA_RUNTIMES")),
                overcommit(env.getOrDefault("KAPPA_CPU_OVERCOMMIT", "4")),
                required(env, "KAPPA_GATEWAY_URL"),
                required(env, "KAPPA_INVOKE_URL"),
                prometheus(env.getOrDefault("KAPPA_PROMETHEUS_URL", "")),
                env.getOrDefault("KAPPA_REGION", "us-east-1"),
                required(env, "KAPPA_INSTANCE_SECRET"),
                Arrays.stream(env.getOrDefault("KAPPA_PRIVATE_CODE_HOSTS", "").split(","))
                        .map(String::strip)
                        .filter(host -> !host.isEmpty())
                        .toList());
    }

    private static String required(Map<String, String> env, String name) {
        String value = env.get(name);
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException("The environment variable " + name
                    + " is not set; the chart sets it in the operator's Deployment.");
        }
        return value;
    }

    private static Map<String, String> runtimes(String json) {
        try {
            return Map.copyOf(new ObjectMapper().readValue(json, new TypeReference<Map<String, String>>() {}));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "KAPPA_RUNTIMES must be a JSON object of runtime to image, but is: " + json, e);
        }
    }

    private static String prometheus(String url) {
        if (!url.isEmpty() && !url.matches("https?://[^\\s?#]+")) {
            throw new IllegalArgumentException(
                    "KAPPA_PROMETHEUS_URL (operator.prometheusUrl of the chart) must be an address such as"
                            + " http://prometheus.monitoring:9090, but is '" + url + "'.");
        }
        return url;
    }

    private static double overcommit(String text) {
        try {
            double factor = Double.parseDouble(text);
            if (factor >= 1) {
                return factor;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("KAPPA_CPU_OVERCOMMIT must be a number, but is '" + text + "'.", e);
        }
        throw new IllegalArgumentException("KAPPA_CPU_OVERCOMMIT must be at least 1, but is " + text + ".");
    }
}
