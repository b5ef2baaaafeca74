package dev.kappa.api.v1alpha1;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;

/** Names of the resources that belong to a function. */
public final class ResourceNames {
    private static final int MAX_LENGTH = 63;

    /**
     * Kubernetes takes the first 58 characters of {@code <Deployment>-<hash>-} for the name of a pod: so much holds a
     * shortened name and a dash.
     */
    private static final int SHORTENED_LENGTH = 57;

    private static final int HASH_BYTES = 5;
    private static final int HASH_RADIX = 32;
    private static final int HASH_LENGTH = 8;

    private ResourceNames() {}

    /**
     * Name of the Deployment of a version.
     *
     * @param function name of the function
     * @param version {@code $LATEST} or a number
     * @return {@code fn-<function>-latest} or {@code fn-<function>-<number>}; where that is longer than 63 characters,
     *     the function's name is cut and {@code -h<hash of the function's name>} ends it. The two cannot meet, since
     *     neither {@code latest} nor a number begins with {@code h}.
     */
    public static String deployment(String function, String version) {
        String ending = "-" + Labels.value(version);
        String whole = "fn-" + function + ending;
        if (whole.length() <= MAX_LENGTH) {
            return whole;
        }
        ending += "-h" + hash(function);
        return ("fn-" + function).substring(0, SHORTENED_LENGTH - ending.length()) + ending;
    }

    /**
     * Name of a Version.
     *
     * @param function name of the function
     * @param number of the version
     * @return {@code <function>.<number>}
     */
    public static String version(String function, int number) {
        return qualified(function, String.valueOf(number));
    }

    /**
     * Name of a Version or an Alias, and of what a destination calls.
     *
     * @param function name of the function
     * @param qualifier a number or an alias
     * @return {@code <function>.<qualifier>}
     */
    public static String qualified(String function, String qualifier) {
        return function + "." + qualifier;
    }

    /**
     * The function that a Version, an Alias or a destination names.
     *
     * @param name such as {@code <function>.<qualifier>}
     * @return what stands before the dot, or the whole
     */
    public static String function(String name) {
        int dot = name.indexOf('.');
        return dot < 0 ? name : name.substring(0, dot);
    }

    /**
     * The number or alias that the name of a Version, an Alias or a destination ends with.
     *
     * @param name such as {@code <function>.<qualifier>}
     * @return what stands behind the dot; empty if there is none
     */
    public static Optional<String> qualifier(String name) {
        int dot = name.indexOf('.');
        return dot < 0 ? Optional.empty() : Optional.of(name.substring(dot + 1));
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            String digits = new BigInteger(1, Arrays.copyOf(digest, HASH_BYTES)).toString(HASH_RADIX);
            return "0".repeat(HASH_LENGTH - digits.length()) + digits;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java runtime has SHA-256.", e);
        }
    }
}
