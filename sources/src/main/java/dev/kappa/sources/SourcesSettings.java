package dev.kappa.sources;

import dev.kappa.jetstream.NatsAccess;
import dev.kappa.settings.Environment;
import java.nio.file.Path;
import java.util.List;

/**
 * The configuration of kappa-sources, from its environment.
 *
 * @param podName name of this pod ({@code POD_NAME})
 * @param nats where leases and checkpoints are kept ({@code KAPPA_NATS_URL}, {@code KAPPA_NATS_REPLICAS}, {@code
 *     KAPPA_NATS_USER}, {@code KAPPA_NATS_PASSWORD})
 * @param gateway base address of the gateway's public port ({@code KAPPA_GATEWAY_URL})
 * @param token file of the token that the gateway knows this process by ({@code KAPPA_TOKEN_FILE})
 * @param region what events show ({@code KAPPA_REGION})
 * @param defaultNamespace namespace of account 000000000000 ({@code KAPPA_DEFAULT_NAMESPACE})
 * @param privateHosts hosts of sources that may have private addresses and be asked without TLS ({@code
 *     KAPPA_SOURCES_PRIVATE_HOSTS})
 */
record SourcesSettings(
        String podName,
        NatsAccess nats,
        String gateway,
        Path token,
        String region,
        String defaultNamespace,
        List<String> privateHosts) {
    /**
     * Reads the environment.
     *
     * @param env of the process
     * @throws IllegalArgumentException if a variable is missing or malformed
     */
    static SourcesSettings from(Environment env) {
        return new SourcesSettings(
                env.required("POD_NAME"),
                NatsAccess.of(env::text, env.positive("KAPPA_NATS_REPLICAS", 1)),
                env.required("KAPPA_GATEWAY_URL"),
                Path.of(env.text("KAPPA_TOKEN_FILE", "/var/run/secrets/kappa/token")),
                env.text("KAPPA_REGION", "us-east-1"),
                env.text("KAPPA_DEFAULT_NAMESPACE", "default"),
                env.list("KAPPA_SOURCES_PRIVATE_HOSTS"));
    }
}
