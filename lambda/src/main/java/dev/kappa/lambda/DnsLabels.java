package dev.kappa.lambda;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Makes labels of DNS, which the names of resources are, of the names that Lambda allows: a name that is a label stays, any other
 * becomes a readable one with a hash. A label that was made so stays as well, so that both names find the same.
 */
public final class DnsLabels {
    /** Characters of a function's label. */
    public static final int FUNCTION_LENGTH = 63;

    /** Characters of an alias's label. */
    public static final int ALIAS_LENGTH = 128;

    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
    private static final Pattern OTHERS = Pattern.compile("[^a-z0-9]+");
    private static final Pattern DASHES = Pattern.compile("^-+|-+$");

    private static final int HASH_BYTES = 5;
    private static final int HASH_RADIX = 32;
    private static final int HASH_LENGTH = 8;

    private DnsLabels() {}

    /**
     * The label of a function.
     *
     * @param name as Lambda's callers write it
     * @return at most {@link #FUNCTION_LENGTH} characters
     */
    public static String ofFunction(String name) {
        return of(name, FUNCTION_LENGTH);
    }

    /**
     * The label of a qualifier.
     *
     * @param qualifier an alias; {@code $LATEST} and the numbers of versions stay
     * @return at most {@link #ALIAS_LENGTH} characters
     */
    public static String ofQualifier(String qualifier) {
        return qualifier.equals(VersionKey.LATEST) ? qualifier : of(qualifier, ALIAS_LENGTH);
    }

    private static String of(String name, int length) {
        if (name.isEmpty() || (name.length() <= length && LABEL.matcher(name).matches())) {
            return name;
        }
        String hash = hash(name);
        String readable = trimmed(OTHERS.matcher(name.toLowerCase(Locale.ROOT)).replaceAll("-"));
        int room = length - 1 - hash.length();
        String shortened = trimmed(readable.length() > room ? readable.substring(0, room) : readable);
        return shortened.isEmpty() ? "x-" + hash : shortened + "-" + hash;
    }

    private static String trimmed(String text) {
        return DASHES.matcher(text).replaceAll("");
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            String digits = new BigInteger(1, Arrays.copyOf(digest, HASH_BYTES)).toString(HASH_RADIX);
            return "0".repeat(HASH_LENGTH - digits.length()) + digits;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
