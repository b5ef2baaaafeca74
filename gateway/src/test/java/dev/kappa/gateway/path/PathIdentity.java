package dev.kappa.gateway.path;

import dev.kappa.identity.AccessAuthorizer;
import dev.kappa.identity.AccessKey;
import dev.kappa.identity.AccessKeys;
import dev.kappa.identity.Authenticator;
import dev.kappa.identity.Authorizer;
import dev.kappa.identity.Caller;
import dev.kappa.identity.CallerAuthenticator;
import dev.kappa.identity.SessionKeys;
import dev.kappa.identity.SessionTokens;
import dev.kappa.lambda.Accounts;
import dev.kappa.lambda.signature.Credential;
import dev.kappa.lambda.signature.SigningKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;

/** Who the load is: its requests are signed at one fixed time, at which the clock of gateways that verify them stands. */
final class PathIdentity {
    static final String DATE = "20260101T000000Z";
    static final String HOST = "127.0.0.1:8080";
    private static final Credential CREDENTIAL =
            new Credential("AKIAPATHBENCHPATHBEN", "20260101", "us-east-1", "lambda");
    private static final String SECRET = "a secret of as many characters as AWS gives";
    private static final Caller CALLER = Caller.serviceAccount("default", "path");
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);

    private PathIdentity() {}

    static Authenticator authenticator() {
        AccessKeys keys = new AccessKeys();
        keys.put("default", "path", "2026-01-01T00:00:00Z", new AccessKey(CREDENTIAL.accessKeyId(), SECRET, CALLER));
        return new CallerAuthenticator(
                keys,
                new SessionTokens(() -> SessionKeys.NONE, CLOCK),
                token -> Optional.empty(),
                CREDENTIAL.region(),
                CREDENTIAL.service(),
                CLOCK);
    }

    static Authorizer authorizer() {
        return new AccessAuthorizer((caller, access) -> true, new Accounts(CREDENTIAL.region(), "default"), CLOCK);
    }

    /** Value of the Authorization header of a POST. */
    static String authorization(String path, String body) {
        String signed = "host;x-amz-date";
        String canonical =
                "POST\n" + path + "\n\nhost:" + HOST + "\nx-amz-date:" + DATE + "\n\n" + signed + "\n" + hash(body);
        SigningKey key = SigningKey.derive(SECRET, CREDENTIAL);
        String text = "AWS4-HMAC-SHA256\n" + DATE + "\n" + key.scope() + "\n" + hash(canonical);
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key.key());
            return "AWS4-HMAC-SHA256 Credential=" + CREDENTIAL.accessKeyId() + "/" + key.scope() + ", SignedHeaders="
                    + signed + ", Signature="
                    + HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String hash(String text) {
        return SigningKey.payloadHash(text.getBytes(StandardCharsets.UTF_8));
    }
}
