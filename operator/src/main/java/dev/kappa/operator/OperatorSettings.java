package dev.kappa.operator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kappa.lambda.http.FunctionUrls;
import dev.kappa.operator.code.S3Defaults;
import dev.kappa.operator.network.NetworkSettings;
import dev.kappa.settings.Environment;
import dev.kappa.wire.PlatformTokens;
import java.util.List;
import java.util.Map;

/**
 * The operator's configuration, from its environment.
 *
 * @param namespace where Kappa itself runs ({@code KAPPA_NAMESPACE})
 * @param podName name of this pod, its identity in the leader election ({@code POD_NAME})
 * @param runtimes image of each runtime ({@code KAPPA_RUNTIMES}, a JSON object)
 * @param runtimeNames the runtime that each name of a Function's specification means ({@code KAPPA_RUNTIME_NAMES}, a JSON object)
 * @param cpuOvercommit by how much CPU requests are less than Lambda's share ({@code KAPPA_CPU_OVERCOMMIT})
 * @param gatewayUrl base address of the gateway's internal listener ({@code KAPPA_GATEWAY_URL})
 * @param endpointUrl base address of its public one, for functions with a role ({@code KAPPA_ENDPOINT_URL})
 * @param storeUrl base address of kappa-api's internal listener, where packages are stored ({@code KAPPA_STORE_URL})
 * @param prometheusUrl base address of the Prometheus that alarms may query, empty for none
 *     ({@code KAPPA_PROMETHEUS_URL})
 * @param region what functions see as their region ({@code KAPPA_REGION})
 * @param defaultNamespace the one whose account is all zeros ({@code KAPPA_DEFAULT_NAMESPACE})
 * @param secret the installation's key ({@code KAPPA_INSTANCE_SECRET})
 * @param platform made of it, of its addresses ({@code POD_IPS}), and of the release that it replaces ({@code KAPPA_UPGRADES_FROM})
 * @param privateCodeHosts hosts with private addresses that {@code code.url} may name
 *     ({@code KAPPA_PRIVATE_CODE_HOSTS}, separated by commas)
 * @param network of the policies of functions ({@code KAPPA_NETWORK_POLICIES}, {@code KAPPA_GATEWAY_LABELS}, a JSON object, and
 *     {@code KAPPA_PRIVATE_RANGES}, separated by commas)
 * @param sourcesReplicas of kappa-sources while there is an event source ({@code KAPPA_SOURCES_REPLICAS})
 * @param followSecrets whether the operator may read Secrets, so that instances follow those that their variables name
 *     ({@code KAPPA_FOLLOW_SECRETS})
 * @param urls where function URLs are ({@code KAPPA_URL_ADDRESS}, {@code KAPPA_URL_DOMAIN}, {@code KAPPA_URL_SCHEME})
 * @param s3 defaults of {@code code.s3} ({@code KAPPA_S3_ENDPOINT}, {@code KAPPA_S3_REGION})
 */
record OperatorSettings(
        String namespace,
        String podName,
        Map<String, String> runtimes,
        Map<String, String> runtimeNames,
        double cpuOvercommit,
        String gatewayUrl,
        String endpointUrl,
        String storeUrl,
        String prometheusUrl,
        String region,
        String defaultNamespace,
        String secret,
        PlatformTokens platform,
        List<String> privateCodeHosts,
        NetworkSettings network,
        int sourcesReplicas,
        boolean followSecrets,
        FunctionUrls urls,
        S3Defaults s3) {

    /**
     * Reads the environment.
     *
     * @param env of the process
     * @throws IllegalArgumentException if one is missing or malformed
     */
    static OperatorSettings from(Environment env) {
        return new OperatorSettings(
                env.text("KAPPA_NAMESPACE", "kappa-system"),
                env.required("POD_NAME"),
                strings(env, "KAPPA_RUNTIMES"),
                strings(env, "KAPPA_RUNTIME_NAMES"),
                env.atLeast("KAPPA_CPU_OVERCOMMIT", 4, 1),
                env.required("KAPPA_GATEWAY_URL"),
                env.required("KAPPA_ENDPOINT_URL"),
                env.required("KAPPA_STORE_URL"),
                prometheus(env),
                env.text("KAPPA_REGION", "us-east-1"),
                env.text("KAPPA_DEFAULT_NAMESPACE", "default"),
                env.required("KAPPA_INSTANCE_SECRET"),
                PlatformTokens.of(
                        env.required("KAPPA_INSTANCE_SECRET"),
                        PlatformTokens.OPERATORS,
                        env.text("POD_IPS", ""),
                        env.text("KAPPA_UPGRADES_FROM", "")),
                env.list("KAPPA_PRIVATE_CODE_HOSTS"),
                new NetworkSettings(
                        env.text("KAPPA_NETWORK_POLICIES", "true").equals("true"),
                        env.text("KAPPA_NAMESPACE", "kappa-system"),
                        strings(env, "KAPPA_GATEWAY_LABELS"),
                        env.list("KAPPA_PRIVATE_RANGES")),
                env.positive("KAPPA_SOURCES_REPLICAS", 2),
                env.flag("KAPPA_FOLLOW_SECRETS", true),
                FunctionUrls.from(env::text),
                s3(env));
    }

    private static Map<String, String> strings(Environment env, String name) {
        try {
            return Map.copyOf(
                    new ObjectMapper().readValue(env.required(name), new TypeReference<Map<String, String>>() {}));
        } catch (JsonProcessingException e) {
            IllegalArgumentException malformed = env.malformed(name, "a JSON object of strings");
            malformed.initCause(e);
            throw malformed;
        }
    }

    private static S3Defaults s3(Environment env) {
        String endpoint = env.text("KAPPA_S3_ENDPOINT", "");
        if (!endpoint.isEmpty() && !endpoint.matches("https?://[^/?#@ ]+/?")) {
            throw env.malformed(
                    "KAPPA_S3_ENDPOINT",
                    "an address such as https://minio.example:9000 (operator.s3.endpoint of the chart)");
        }
        return new S3Defaults(endpoint, env.text("KAPPA_S3_REGION", env.text("KAPPA_REGION", "us-east-1")));
    }

    private static String prometheus(Environment env) {
        String url = env.text("KAPPA_PROMETHEUS_URL", "");
        if (!url.isEmpty() && !url.matches("https?://[^\\s?#]+")) {
            throw env.malformed(
                    "KAPPA_PROMETHEUS_URL",
                    "an address such as http://prometheus.monitoring:9090 (operator.prometheusUrl of the chart)");
        }
        return url;
    }
}
