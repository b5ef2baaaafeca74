package dev.kappa.controlplane;

import dev.kappa.controlplane.api.MappingDefaults;
import dev.kappa.http.AuditLog.Recorded;
import dev.kappa.jetstream.NatsAccess;
import dev.kappa.lambda.Rate;
import dev.kappa.lambda.http.FunctionUrls;
import dev.kappa.settings.Environment;
import dev.kappa.wire.PlatformTokens;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * The configuration of kappa-api, from its environment.
 *
 * @param platform by which it knows gateways and operators ({@code KAPPA_INSTANCE_SECRET}, {@code POD_IPS}, {@code
 *     KAPPA_UPGRADES_FROM})
 * @param nats where packages are kept ({@code KAPPA_NATS_URL}, {@code KAPPA_NATS_REPLICAS}, {@code KAPPA_NATS_USER}, {@code
 *     KAPPA_NATS_PASSWORD})
 * @param region what ARNs show ({@code KAPPA_REGION})
 * @param defaultNamespace namespace of names without one ({@code KAPPA_DEFAULT_NAMESPACE})
 * @param sessionKeys folder with the keys of temporary credentials ({@code KAPPA_SESSION_KEYS})
 * @param urls where function URLs are ({@code KAPPA_URL_ADDRESS}, {@code KAPPA_URL_DOMAIN}, {@code KAPPA_URL_SCHEME})
 * @param audit what is recorded ({@code KAPPA_AUDIT_INVOCATIONS}, {@code KAPPA_AUDIT_READS})
 * @param callerRate how often one caller may call ({@code KAPPA_CALLER_RATE} a second, {@code KAPPA_CALLER_BURST} at once)
 * @param runtimes names that functions may have as runtime (the keys of {@code KAPPA_RUNTIME_NAMES}, a JSON object)
 * @param mappings what event source mappings get besides ({@code KAPPA_SQS_ENDPOINT}, {@code KAPPA_SQS_SECRET})
 * @param accessKeyNamespaces where access keys count ({@code KAPPA_ACCESS_KEY_NAMESPACES}, separated by commas)
 */
record ApiSettings(
        PlatformTokens platform,
        NatsAccess nats,
        String region,
        String defaultNamespace,
        Path sessionKeys,
        FunctionUrls urls,
        Recorded audit,
        Rate callerRate,
        Set<String> runtimes,
        MappingDefaults mappings,
        List<String> accessKeyNamespaces) {
    /**
     * Reads the environment.
     *
     * @param env of the process
     * @throws IllegalArgumentException if a variable is missing or malformed
     */
    static ApiSettings from(Environment env) {
        return new ApiSettings(
                PlatformTokens.of(
                        env.required("KAPPA_INSTANCE_SECRET"),
                        PlatformTokens.API,
                        env.text("POD_IPS", ""),
                        env.text("KAPPA_UPGRADES_FROM", "")),
                NatsAccess.of(env::text, env.positive("KAPPA_NATS_REPLICAS", 1)),
                env.text("KAPPA_REGION", "us-east-1"),
                env.text("KAPPA_DEFAULT_NAMESPACE", "default"),
                Path.of(env.text("KAPPA_SESSION_KEYS", "/etc/kappa/sessions")),
                FunctionUrls.from(env::text),
                new Recorded(env.flag("KAPPA_AUDIT_INVOCATIONS", false), env.flag("KAPPA_AUDIT_READS", false)),
                Rate.of(env.atLeast("KAPPA_CALLER_RATE", 0, 0), env.atLeast("KAPPA_CALLER_BURST", 0, 0)),
                runtimes(env),
                new MappingDefaults(env.text("KAPPA_SQS_ENDPOINT", ""), env.text("KAPPA_SQS_SECRET", "")),
                env.list("KAPPA_ACCESS_KEY_NAMESPACES"));
    }

    private static Set<String> runtimes(Environment env) {
        try {
            return Set.copyOf(new JsonObject(env.text("KAPPA_RUNTIME_NAMES", "{}")).fieldNames());
        } catch (DecodeException e) {
            IllegalArgumentException malformed = env.malformed("KAPPA_RUNTIME_NAMES", "a JSON object");
            malformed.initCause(e);
            throw malformed;
        }
    }
}
