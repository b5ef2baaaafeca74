package dev.kappa.identity.cluster;

import dev.kappa.identity.AccessKey;
import dev.kappa.identity.Caller;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Pattern;

/** What a Secret of the type of access keys holds. */
final class AccessKeySecrets {
    static final String TYPE = "kappa.dev/access-key";
    private static final String ID = "accessKeyId";
    private static final String SECRET = "secretAccessKey";
    private static final String ACCOUNT = "serviceAccountName";
    private static final Pattern ID_FORM = Pattern.compile("[A-Za-z0-9_-]{16,128}");
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");

    /** Fewer characters could be found by trying them out. */
    private static final int SHORTEST = 32;

    private AccessKeySecrets() {}

    /**
     * Reads a Secret.
     *
     * @param namespace of the Secret, and of the ServiceAccount that it names
     * @param data as the API server gives it, base64
     * @throws IllegalArgumentException with what is wrong and what to do
     */
    static AccessKey read(String namespace, Map<String, String> data) {
        String id = text(data, ID);
        String secret = text(data, SECRET);
        String account = text(data, ACCOUNT);
        if (!ID_FORM.matcher(id).matches()) {
            throw new IllegalArgumentException(
                    ID + " must have 16 to 128 letters, digits, '_' and '-'; make one with openssl rand -hex 10");
        }
        if (secret.length() < SHORTEST) {
            throw new IllegalArgumentException(
                    SECRET + " must have " + SHORTEST + " characters or more; make one with openssl rand -hex 20");
        }
        if (!NAME.matcher(account).matches()) {
            throw new IllegalArgumentException(ACCOUNT + " must be the name of a ServiceAccount of its namespace");
        }
        return new AccessKey(id, secret, Caller.serviceAccount(namespace, account));
    }

    private static String text(Map<String, String> data, String key) {
        String encoded = data.get(key);
        if (encoded == null || encoded.isEmpty()) {
            throw new IllegalArgumentException("the key " + key + " is missing");
        }
        return new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
    }
}
