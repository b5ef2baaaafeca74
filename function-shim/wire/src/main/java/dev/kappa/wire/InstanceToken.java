package dev.kappa.wire;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The shared secret of one function version's pods, derived from the installation's key: the operator puts it into the
 * pod template, the gateway derives the same from its own copy of the key. A pod can prove only its own version with it.
 */
public final class InstanceToken {
    private static final String ALGORITHM = "HmacSHA256";

    private InstanceToken() {}

    /**
     * Token of the pods of one version.
     *
     * @param key the installation's key, any length above 0
     * @param namespace namespace of the function
     * @param function name of the function
     * @param version {@code $LATEST} or a number
     * @return 64 lower-case hex digits
     */
    public static String ofVersion(byte[] key, String namespace, String function, String version) {
        return hmac(key, "version\n" + namespace + "\n" + function + "\n" + version);
    }

    /**
     * Token of a platform component (gateway or operator) towards another.
     *
     * @param key the installation's key
     * @return 64 lower-case hex digits
     */
    public static String ofPlatform(byte[] key) {
        return hmac(key, "platform");
    }

    /**
     * What a handler shows to its shim to get credentials of its execution role, so that nobody gets them who can only make it
     * fetch an address.
     *
     * @param instance token of the version's pods, which does not follow from it
     * @return 64 lower-case hex digits
     */
    public static String ofHandler(String instance) {
        return hmac(instance.getBytes(StandardCharsets.UTF_8), "handler");
    }

    /**
     * Compares without telling by its duration where two tokens differ.
     *
     * @param expected the derived token
     * @param given what the peer sent
     * @return whether they are equal
     */
    public static boolean matches(String expected, String given) {
        return MessageDigest.isEqual(
                expected.getBytes(StandardCharsets.US_ASCII), given.getBytes(StandardCharsets.US_ASCII));
    }

    private static String hmac(byte[] key, String subject) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return HexFormat.of().formatHex(mac.doFinal(subject.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }
}
