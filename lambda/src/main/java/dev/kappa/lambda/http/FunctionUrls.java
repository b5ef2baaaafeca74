package dev.kappa.lambda.http;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of function URLs: {@code https://<id>.lambda-url.<domain>/} where Kappa has a domain, else a path below an address
 * that all of them share.
 *
 * @param address of the listener, without a slash at its end
 * @param domain empty for none
 * @param scheme of addresses of the domain, such as {@code https}
 */
public record FunctionUrls(String address, String domain, String scheme) {
    /** Where the paths of function URLs begin: {@code /url/<namespace>/<function>[:<alias>]}. */
    public static final String PREFIX = "/url/";

    private static final String LABEL = ".lambda-url.";
    private static final int ID_BYTES = 20;
    private static final int ID_RADIX = 32;
    private static final int ID_LENGTH = 32;

    /** Keeps the address without a slash at its end, and the domain in small letters. */
    public FunctionUrls {
        address = address.endsWith("/") ? address.substring(0, address.length() - 1) : address;
        domain = domain.toLowerCase(Locale.ROOT);
    }

    /**
     * What the environment of a process says of them.
     *
     * @param text gives the value of a variable, or the other text if it is not set
     * @return what URLs look like
     */
    public static FunctionUrls from(BinaryOperator<String> text) {
        return new FunctionUrls(
                text.apply("KAPPA_URL_ADDRESS", "http://kappa-http:8080"),
                text.apply("KAPPA_URL_DOMAIN", ""),
                text.apply("KAPPA_URL_SCHEME", "https"));
    }

    /**
     * The address of a function or alias.
     *
     * @param namespace of the function
     * @param function name of its resource
     * @param alias as its resource is named, null for the function itself
     * @return with a slash at its end
     */
    public String of(String namespace, String function, @Nullable String alias) {
        return domain.isEmpty()
                ? address + path(namespace, function, alias) + "/"
                : scheme + "://" + id(namespace, function, alias) + LABEL + domain + "/";
    }

    /**
     * The path of a function or alias where there is no domain.
     *
     * @param namespace of the function
     * @param function name of its resource
     * @param alias as its resource is named, null for the function itself
     * @return without a slash at its end
     */
    public static String path(String namespace, String function, @Nullable String alias) {
        return PREFIX + namespace + "/" + function + (alias == null ? "" : ":" + alias);
    }

    /**
     * What stands for a function or alias in host names and events; it says nothing of their names.
     *
     * @param namespace of the function
     * @param function name of its resource
     * @param alias as its resource is named, null for the function itself
     * @return 32 small letters and digits
     */
    public static String id(String namespace, String function, @Nullable String alias) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(path(namespace, function, alias).getBytes(StandardCharsets.UTF_8));
            String digits = new BigInteger(1, Arrays.copyOf(digest, ID_BYTES)).toString(ID_RADIX);
            return "0".repeat(ID_LENGTH - digits.length()) + digits;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /**
     * The id that a host name has.
     *
     * @param host without a port
     * @return empty if it is no host of a function URL
     */
    public Optional<String> idOf(String host) {
        int at = ID_LENGTH;
        boolean fits = !domain.isEmpty()
                && host.length() == at + LABEL.length() + domain.length()
                && host.regionMatches(true, at, LABEL, 0, LABEL.length())
                && host.regionMatches(true, at + LABEL.length(), domain, 0, domain.length());
        return fits ? Optional.of(host.substring(0, at).toLowerCase(Locale.ROOT)) : Optional.empty();
    }
}
