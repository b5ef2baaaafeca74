package dev.kappa.lambda.signature;

import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.RefusedException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A signature as a request shows it, in its Authorization header or in its query.
 *
 * @param credential whose key signed, and for what
 * @param timestamp when, as {@code yyyymmddThhmmssZ}
 * @param at the same as a time
 * @param lifetime how long a presigned URL holds; empty for a header
 * @param signedHeaders names of headers in small letters
 * @param signature 64 hex digits
 * @param sessionToken of temporary credentials, null for none
 * @param declaredHash the payload's digest as {@code x-amz-content-sha256} says it, null if there is none
 */
public record PresentedSignature(
        Credential credential,
        String timestamp,
        Instant at,
        Optional<Duration> lifetime,
        List<String> signedHeaders,
        String signature,
        @Nullable String sessionToken,
        @Nullable String declaredHash) {
    /** How the time of a caller may differ. */
    static final Duration SKEW = Duration.ofMinutes(5);

    static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final String OWN_HEADERS = "x-amz-";

    /** Keeps the names. */
    public PresentedSignature {
        signedHeaders = List.copyOf(signedHeaders);
    }

    /**
     * Reads what a request shows.
     *
     * @param head of the request
     * @return the signature; empty if it has none
     * @throws RefusedException if the signature is incomplete or malformed
     */
    public static Optional<PresentedSignature> of(SignedHead head) {
        return SignatureReader.read(head);
    }

    /**
     * Checks all that needs no key: the scope, the time, and that no header of AWS is without signature.
     *
     * @param head that it was read from
     * @param now the time
     * @param region of this installation
     * @param service that the request is for
     * @throws RefusedException with what is wrong, so that an SDK can correct its clock
     */
    public void check(SignedHead head, Instant now, String region, String service) {
        if (!credential.region().equals(region)) {
            throw invalid("Credential should be scoped to a valid region, which is " + region + " here, not '"
                    + credential.region() + "'.");
        }
        if (!credential.service().equals(service)) {
            throw invalid("Credential should be scoped to correct service: '" + service + "'.");
        }
        if (!timestamp.startsWith(credential.day())) {
            throw invalid("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '"
                    + credential.day() + "' != '" + timestamp.substring(0, 8) + "'.");
        }
        checkTime(now);
        checkHeaders(head);
    }

    private void checkTime(Instant now) {
        Instant until = at.plus(lifetime.orElse(SKEW));
        if (now.isAfter(until)) {
            Instant earliest = now.minus(lifetime.orElse(SKEW));
            throw invalid("Signature expired: " + timestamp + " is now earlier than " + SignatureReader.format(earliest)
                    + " (" + SignatureReader.format(now) + " - "
                    + (lifetime.isEmpty()
                            ? SKEW.toMinutes() + " min."
                            : lifetime.get().toSeconds() + " s") + ")");
        }
        if (at.isAfter(now.plus(SKEW))) {
            throw invalid("Signature not yet current: " + timestamp + " is still later than "
                    + SignatureReader.format(now.plus(SKEW)) + " (" + SignatureReader.format(now) + " + "
                    + SKEW.toMinutes() + " min.)");
        }
    }

    private void checkHeaders(SignedHead head) {
        if (!signedHeaders.contains("host")) {
            throw invalid("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
        }
        for (String name : head.names()) {
            if (name.regionMatches(true, 0, OWN_HEADERS, 0, OWN_HEADERS.length())
                    && !signedHeaders.contains(name.toLowerCase(Locale.ROOT))) {
                throw invalid("The header '" + name + "' must be a 'SignedHeader' in the AWS Authorization.");
            }
        }
        String path = head.target().split("\\?", 2)[0];
        if (!CanonicalRequest.normalized(path).equals(path)) {
            throw invalid("The path must have no empty segment and none that is a dot or two.");
        }
    }

    /**
     * Whether a key made this signature.
     *
     * @param key for the credential's scope
     * @param head that it was read from
     * @param payloadHash of the body, 64 hex digits in small letters
     * @return whether it did
     */
    public boolean isBy(SigningKey key, SignedHead head, String payloadHash) {
        String leftOut = lifetime.isPresent() ? SignatureReader.SIGNATURE : "";
        byte[] expected = key.sign(timestamp, CanonicalRequest.of(head, signedHeaders, leftOut, payloadHash));
        return MessageDigest.isEqual(expected, HexFormat.of().parseHex(signature));
    }

    private static RefusedException invalid(String message) {
        return new RefusedException(AwsError.invalidSignature(message));
    }
}
