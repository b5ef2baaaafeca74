package dev.kappa.gateway.forward;

import dev.kappa.gateway.dispatch.KnownPod;
import dev.kappa.http.ErrorWriter;
import dev.kappa.identity.Caller;
import dev.kappa.identity.InstanceTokens;
import dev.kappa.identity.Session;
import dev.kappa.identity.SessionTokens;
import dev.kappa.lambda.Accounts;
import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.RefusedException;
import dev.kappa.lambda.VersionKey;
import dev.kappa.wire.InstanceIdentity;
import dev.kappa.wire.Wire;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Gives instances temporary credentials of their execution role. The secret of a version can be read by whoever may read its
 * pods, so the call must also come from the address of the pod; the role is the one with which the pod was admitted.
 */
public final class RoleCredentials {
    private static final Duration LIFE = Duration.ofHours(1);

    private final InstanceTokens tokens;
    private final BiFunction<String, String, @Nullable KnownPod> pods;
    private final SessionTokens sessions;
    private final Accounts accounts;

    /**
     * Gives out credentials.
     *
     * @param tokens checks callers
     * @param pods by namespace and name
     * @param sessions makes credentials
     * @param accounts name roles
     */
    public RoleCredentials(
            InstanceTokens tokens,
            BiFunction<String, String, @Nullable KnownPod> pods,
            SessionTokens sessions,
            Accounts accounts) {
        this.tokens = tokens;
        this.pods = pods;
        this.sessions = sessions;
        this.accounts = accounts;
    }

    void handle(HttpServerRequest request, Buffer body) {
        InstanceApi.decoded(request, body, InstanceIdentity.class).ifPresent(instance -> {
            try {
                String role = role(request, instance);
                Session session =
                        sessions.issue(new Caller.Account(instance.namespace(), role), instance.function(), LIFE);
                request.response()
                        .putHeader("Content-Type", "application/json")
                        .end(json(session, accounts.roleArn(instance.namespace(), role)));
            } catch (RefusedException e) {
                ErrorWriter.write(request.response(), e.error());
            }
        });
    }

    private String role(HttpServerRequest request, InstanceIdentity instance) {
        VersionKey version = new VersionKey(instance.namespace(), instance.function(), instance.version());
        if (!tokens.proves(version, instance.pod(), request.getHeader(Wire.TOKEN))) {
            throw denied("The token is not that of pod " + instance.pod() + " of " + version + ", or too old");
        }
        KnownPod pod = pods.apply(instance.namespace(), instance.pod());
        if (pod == null || pod.address() == null) {
            throw new RefusedException(
                    AwsError.service(503, "The address of pod " + instance.pod() + " is not known yet. Try again."));
        }
        String from = InstanceApi.remoteHost(request);
        if (!pod.version().equals(version)) {
            throw denied("The pod " + instance.pod() + " is not one of " + version);
        }
        if (from == null || !InstanceApi.isSameHost(from, pod.address().host())) {
            throw denied("The call comes from " + from + ", which is not the address of pod " + instance.pod()
                    + ". Where the pod network hides addresses (source NAT), functions get no credentials.");
        }
        if (pod.role() == null) {
            throw new RefusedException(AwsError.notFound(version + " has no execution role: set serviceAccountName"));
        }
        return pod.role();
    }

    private static RefusedException denied(String message) {
        return new RefusedException(AwsError.accessDenied(message));
    }

    private static String json(Session session, String role) {
        return new JsonObject()
                .put("RoleArn", role)
                .put("AccessKeyId", session.key().id())
                .put("SecretAccessKey", session.secretAccessKey())
                .put("Token", session.token())
                .put("Expiration", session.until().toString())
                .encode();
    }
}
