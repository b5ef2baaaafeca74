package dev.kappa.gateway;

import dev.kappa.http.AuditLog.Recorded;
import dev.kappa.jetstream.NatsAccess;
import dev.kappa.jetstream.QueueSizes;
import dev.kappa.lambda.Rate;
import dev.kappa.lambda.http.FunctionUrls;
import dev.kappa.settings.Environment;
import dev.kappa.wire.PlatformTokens;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The gateway's configuration, from its environment.
 *
 * @param namespace where Kappa itself runs ({@code KAPPA_NAMESPACE})
 * @param podName name of this pod ({@code POD_NAME})
 * @param podIp its address ({@code POD_IP})
 * @param secret the installation's key ({@code KAPPA_INSTANCE_SECRET})
 * @param platform made of it, of its addresses ({@code POD_IPS}), and of the release that it replaces ({@code
 *     KAPPA_UPGRADES_FROM})
 * @param nats where packages and events are kept ({@code KAPPA_NATS_URL}, {@code KAPPA_NATS_REPLICAS}, {@code
 *     KAPPA_NATS_USER}, {@code KAPPA_NATS_PASSWORD})
 * @param controlPlane base address of kappa-api, which gets what is not an event ({@code KAPPA_API_URL})
 * @param region what ARNs show ({@code KAPPA_REGION})
 * @param defaultNamespace namespace of names without one ({@code KAPPA_DEFAULT_NAMESPACE})
 * @param sessionKeys folder with the keys of temporary credentials ({@code KAPPA_SESSION_KEYS})
 * @param accessKeyNamespaces where access keys count ({@code KAPPA_ACCESS_KEY_NAMESPACES}, separated by commas)
 * @param queueLimit events of one version that may wait ({@code KAPPA_QUEUE_LIMIT})
 * @param packageGrace how long a package stays that nothing names ({@code KAPPA_PACKAGE_GRACE_HOURS})
 * @param async asynchronous events
 * @param edge what callers reach and how often
 * @param urls where function URLs are
 * @param audit what is recorded ({@code KAPPA_AUDIT_INVOCATIONS}, {@code KAPPA_AUDIT_READS})
 */
record GatewaySettings(
        String namespace,
        String podName,
        String podIp,
        String secret,
        PlatformTokens platform,
        NatsAccess nats,
        URI controlPlane,
        String region,
        String defaultNamespace,
        Path sessionKeys,
        List<String> accessKeyNamespaces,
        int queueLimit,
        Duration packageGrace,
        AsyncLimits async,
        Edge edge,
        UrlListener urls,
        Recorded audit) {
    /**
     * Where function URLs are.
     *
     * @param addresses what they look like ({@code KAPPA_URL_ADDRESS}, {@code KAPPA_URL_DOMAIN}, {@code KAPPA_URL_SCHEME})
     * @param tls where their certificate is, null for none ({@code KAPPA_URL_TLS_FOLDER})
     */
    record UrlListener(FunctionUrls addresses, @Nullable Path tls) {
        static UrlListener from(Environment env) {
            String folder = env.text("KAPPA_URL_TLS_FOLDER", "");
            return new UrlListener(FunctionUrls.from(env::text), folder.isEmpty() ? null : Path.of(folder));
        }
    }

    /**
     * What callers reach and how often.
     *
     * @param trustedProxies addresses of proxies that may tell the address of their callers ({@code KAPPA_TRUSTED_PROXIES}, ranges
     *     separated by commas)
     * @param connections of one address ({@code KAPPA_CONNECTIONS_PER_ADDRESS}, 0 for any number)
     * @param callerRate how often one caller may call ({@code KAPPA_CALLER_RATE} a second, {@code KAPPA_CALLER_BURST} at once)
     * @param functionRate how often one function may be invoked ({@code KAPPA_FUNCTION_RATE}, {@code KAPPA_FUNCTION_BURST})
     * @param tls where the certificate is, null for none ({@code KAPPA_TLS_FOLDER})
     */
    record Edge(
            List<String> trustedProxies,
            int connections,
            Rate callerRate,
            Rate functionRate,
            @Nullable Path tls) {
        static Edge from(Environment env) {
            String folder = env.text("KAPPA_TLS_FOLDER", "");
            return new Edge(
                    env.list("KAPPA_TRUSTED_PROXIES"),
                    (int) env.atLeast("KAPPA_CONNECTIONS_PER_ADDRESS", 0, 0),
                    rate(env, "KAPPA_CALLER"),
                    rate(env, "KAPPA_FUNCTION"),
                    folder.isEmpty() ? null : Path.of(folder));
        }

        private static Rate rate(Environment env, String name) {
            return Rate.of(env.atLeast(name + "_RATE", 0, 0), env.atLeast(name + "_BURST", 0, 0));
        }
    }

    /**
     * What concerns asynchronous events.
     *
     * @param queues number of partitions, their size, and that of one function's queue ({@code KAPPA_ASYNC_PARTITIONS}, {@code
     *     KAPPA_ASYNC_PARTITION_BYTES}, {@code KAPPA_ASYNC_QUEUE_BYTES})
     * @param deadLetterBytes of one function's dead letters ({@code KAPPA_ASYNC_DEAD_LETTER_BYTES})
     * @param deadLetterRetention how long they are kept ({@code KAPPA_ASYNC_DEAD_LETTER_HOURS})
     * @param outcomeBytes of how events ended ({@code KAPPA_ASYNC_OUTCOME_BYTES})
     * @param outcomeRetention how long it is known how events ended ({@code KAPPA_ASYNC_OUTCOME_HOURS})
     * @param firstRetry after how long an event runs again that failed ({@code KAPPA_ASYNC_FIRST_RETRY_SECONDS})
     * @param destinationLimit how long a destination is tried ({@code KAPPA_ASYNC_DESTINATION_SECONDS})
     * @param privateHosts hosts that web hooks may name though they are private ({@code KAPPA_ASYNC_PRIVATE_HOSTS})
     */
    record AsyncLimits(
            QueueSizes queues,
            long deadLetterBytes,
            Duration deadLetterRetention,
            long outcomeBytes,
            Duration outcomeRetention,
            Duration firstRetry,
            Duration destinationLimit,
            List<String> privateHosts) {
        static AsyncLimits from(Environment env) {
            return new AsyncLimits(
                    new QueueSizes(
                            env.positive("KAPPA_ASYNC_PARTITIONS", 8),
                            env.positive("KAPPA_ASYNC_PARTITION_BYTES", 256L << 20),
                            env.positive("KAPPA_ASYNC_QUEUE_BYTES", 128L << 20)),
                    env.positive("KAPPA_ASYNC_DEAD_LETTER_BYTES", 32L << 20),
                    Duration.ofHours(env.positive("KAPPA_ASYNC_DEAD_LETTER_HOURS", 14 * 24)),
                    env.positive("KAPPA_ASYNC_OUTCOME_BYTES", 1L << 30),
                    Duration.ofHours(env.positive("KAPPA_ASYNC_OUTCOME_HOURS", 24)),
                    Duration.ofSeconds(env.positive("KAPPA_ASYNC_FIRST_RETRY_SECONDS", 60)),
                    Duration.ofSeconds(env.positive("KAPPA_ASYNC_DESTINATION_SECONDS", 3600)),
                    env.list("KAPPA_ASYNC_PRIVATE_HOSTS"));
        }
    }

    /**
     * Reads the environment.
     *
     * @param env of the process
     * @throws IllegalArgumentException if one is missing or malformed
     */
    static GatewaySettings from(Environment env) {
        return new GatewaySettings(
                env.text("KAPPA_NAMESPACE", "kappa-system"),
                env.required("POD_NAME"),
                env.required("POD_IP"),
                env.required("KAPPA_INSTANCE_SECRET"),
                PlatformTokens.of(
                        env.required("KAPPA_INSTANCE_SECRET"),
                        PlatformTokens.GATEWAYS,
                        env.text("POD_IPS", env.required("POD_IP")),
                        env.text("KAPPA_UPGRADES_FROM", "")),
                NatsAccess.of(env::text, env.positive("KAPPA_NATS_REPLICAS", 1)),
                env.address("KAPPA_API_URL", "http://kappa-api:8080"),
                env.text("KAPPA_REGION", "us-east-1"),
                env.text("KAPPA_DEFAULT_NAMESPACE", "default"),
                Path.of(env.text("KAPPA_SESSION_KEYS", "/etc/kappa/sessions")),
                env.list("KAPPA_ACCESS_KEY_NAMESPACES"),
                env.positive("KAPPA_QUEUE_LIMIT", 1000),
                Duration.ofHours(env.positive("KAPPA_PACKAGE_GRACE_HOURS", 24)),
                AsyncLimits.from(env),
                Edge.from(env),
                UrlListener.from(env),
                new Recorded(env.flag("KAPPA_AUDIT_INVOCATIONS", false), env.flag("KAPPA_AUDIT_READS", false)));
    }
}
