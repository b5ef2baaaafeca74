package dev.kappa.lambda.signature;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A key that is derived from a secret access key for a day, a region and a service.
 *
 * @param scope {@code <yyyymmdd>/<region>/<service>/aws4_request}
 * @param key for HMAC-SHA256
 */
public record SigningKey(String scope, SecretKeySpec key) {
    static final String TERMINATOR = "aws4_request";
    private static final String HMAC = "HmacSHA256";

    /**
     * Derives a key.
     *
     * @param secretAccessKey of the caller
     * @param credential says the day, the region and the service
     * @return the key
     */
    public static SigningKey derive(String secretAccessKey, Credential credential) {
        byte[] key = hmac(spec(utf8("AWS4" + secretAccessKey)), credential.day());
        for (String part : new String[] {credential.region(), credential.service(), TERMINATOR}) {
            key = hmac(spec(key), part);
        }
        return new SigningKey(credential.scope(), spec(key));
    }

    /** The signature of a canonical request. */
    byte[] sign(String timestamp, String canonicalRequest) {
        // A header's bytes come as one character each.
        String hash = payloadHash(canonicalRequest.getBytes(StandardCharsets.ISO_8859_1));
        return hmac(key, PresentedSignature.ALGORITHM + "\n" + timestamp + "\n" + scope + "\n" + hash);
    }

    /**
     * The digest that payloads have.
     *
     * @param payload of a request
     * @return 64 hex digits in small letters
     */
    public static String payloadHash(byte[] payload) {
        return HexFormat.of().formatHex(sha256(payload));
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static SecretKeySpec spec(byte[] key) {
        return new SecretKeySpec(key, HMAC);
    }

    private static byte[] hmac(SecretKeySpec key, String text) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            return mac.doFinal(utf8(text));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + HMAC, e);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
