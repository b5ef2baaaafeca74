package dev.kappa.identity;

import dev.kappa.identity.Proof.Proven;
import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.RefusedException;
import dev.kappa.lambda.signature.PresentedSignature;
import java.time.Clock;
import java.util.List;
import java.util.regex.Pattern;

/** Knows callers by the signature that their access key made. */
final class SignatureAuthenticator {
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    private final AccessKeys keys;
    private final SessionTokens sessions;
    private final String region;
    private final Clock clock;

    SignatureAuthenticator(AccessKeys keys, SessionTokens sessions, String region, Clock clock) {
        this.keys = keys;
        this.sessions = sessions;
        this.region = region;
        this.clock = clock;
    }

    Proof authenticate(RequestHead head, PresentedSignature signature, String service) {
        List<AccessKey> candidates = candidates(signature);
        if (candidates.isEmpty()) {
            throw new RefusedException(AwsError.unrecognizedClient());
        }
        signature.check(head, clock.instant(), region, service);
        String declared = signature.declaredHash();
        if (declared == null) {
            return (Proof.OfBody) bodySha256 -> verify(head, signature, candidates, bodySha256);
        }
        if (!SHA256.matcher(declared).matches()) {
            throw new RefusedException(AwsError.invalidSignature("x-amz-content-sha256 must be the payload's SHA-256 in"
                    + " hex, but is '" + declared + "': a payload without signature is not accepted."));
        }
        return verify(head, signature, candidates, declared);
    }

    private List<AccessKey> candidates(PresentedSignature signature) {
        String id = signature.credential().accessKeyId();
        if (signature.sessionToken() == null) {
            return keys.find(id);
        }
        AccessKey key = sessions.open(signature.sessionToken()).key();
        return key.id().equals(id) ? List.of(key) : List.of();
    }

    private static Proven verify(
            RequestHead head, PresentedSignature signature, List<AccessKey> candidates, String bodySha256) {
        for (AccessKey key : candidates) {
            if (key.made(signature, head, bodySha256)) {
                return new Proven(key.caller(), bodySha256);
            }
        }
        throw new RefusedException(AwsError.invalidSignature("The request signature we calculated does not match the"
                + " signature you provided. Check your AWS Secret Access Key and signing method. Consult the service"
                + " documentation for details."));
    }
}
