package dev.kappa.wire;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * How an instance and the gateways prove themselves to each other. The pods of a version have a secret, derived from the
 * installation's key: the operator puts it into the pod template, gateways derive it from their own copy of the key. It is not sent:
 * what is shown is a token made of it for one pod, which holds for some minutes.
 */
public final class InstanceToken {
    private static final String ALGORITHM = "HmacSHA256";

    /** Those of a slot are the same, so that whoever checks them knows most of them. */
    private static final long SLOT_SECONDS = 300;

    /** Shown until at most a slot later, so a token that is shown has ten minutes left. */
    private static final long LIFE_SECONDS = 3 * SLOT_SECONDS;

    /** By which the clocks of two nodes may differ. */
    private static final long SKEW_SECONDS = 2 * SLOT_SECONDS;

    private static final int DIGEST_DIGITS = 64;

    private InstanceToken() {}

    /**
     * Secret of the pods of one version.
     *
     * @param key the installation's key, any length above 0
     * @param namespace namespace of the function
     * @param function name of the function
     * @param version {@code $LATEST} or a number
     * @return 64 lower-case hex digits
     */
    public static String secret(byte[] key, String namespace, String function, String version) {
        return hmac(key, "instances\n" + namespace + "\n" + function + "\n" + version);
    }

    /**
     * Token of one instance, which it shows to gateways and gateways to it.
     *
     * @param secret of its version
     * @param pod its name
     * @param nowSeconds epoch seconds
     * @return when it ends (epoch seconds), a hyphen, and 64 lower-case hex digits
     */
    public static String of(String secret, String pod, long nowSeconds) {
        return until(secret, pod, nowSeconds - Math.floorMod(nowSeconds, SLOT_SECONDS) + LIFE_SECONDS);
    }

    /**
     * For how long the token of now is to be shown.
     *
     * @param nowSeconds epoch seconds
     * @return seconds, at least 1
     */
    public static long renewIn(long nowSeconds) {
        return SLOT_SECONDS - Math.floorMod(nowSeconds, SLOT_SECONDS);
    }

    /**
     * Whether a token is that of an instance now.
     *
     * @param secret of its version
     * @param pod its name
     * @param given what the peer showed
     * @param nowSeconds epoch seconds
     * @return false also for what is no token
     */
    public static boolean proves(String secret, String pod, String given, long nowSeconds) {
        int hyphen = given.length() - DIGEST_DIGITS - 1;
        if (hyphen < 1 || hyphen > 12 || given.charAt(hyphen) != '-') {
            return false;
        }
        long until = 0;
        for (int i = 0; i < hyphen; i++) {
            char digit = given.charAt(i);
            if (digit < '0' || digit > '9') {
                return false;
            }
            until = 10 * until + digit - '0';
        }
        return until > nowSeconds
                && until <= nowSeconds + LIFE_SECONDS + SKEW_SECONDS
                && matches(until(secret, pod, until), given);
    }

    private static String until(String secret, String pod, long seconds) {
        return seconds + "-" + hmac(secret.getBytes(StandardCharsets.UTF_8), "instance\n" + pod + "\n" + seconds);
    }

    /**
     * What shims of release 0.1.0 and the gateways show each other, the same for all pods of a version.
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
     * Secret of the platform's own processes.
     *
     * @param key the installation's key
     * @return 64 lower-case hex digits
     */
    static String platformSecret(byte[] key) {
        return hmac(key, "processes");
    }

    /**
     * Proves who answers a call that showed a token.
     *
     * @param secret of the caller and of the meant process
     * @param token what was shown
     * @return 64 lower-case hex digits
     */
    static String answer(String secret, String token) {
        return hmac(secret.getBytes(StandardCharsets.UTF_8), "answer\n" + token);
    }

    /**
     * What gateways and operators of release 0.1.0 show each other.
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
     * @param secret of its version, which does not follow from it
     * @return 64 lower-case hex digits
     */
    public static String ofHandler(String secret) {
        return hmac(secret.getBytes(StandardCharsets.UTF_8), "handler");
    }

    /**
     * What the kubelet shows to a shim before it ends the container beside it.
     *
     * @param secret of its version, which does not follow from it
     * @return 64 lower-case hex digits
     */
    public static String ofKubelet(String secret) {
        return hmac(secret.getBytes(StandardCharsets.UTF_8), "kubelet");
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
