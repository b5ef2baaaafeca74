package dev.kappa.jetstream;

import java.nio.file.Path;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How a process reaches NATS.
 *
 * @param url of NATS
 * @param replicas in how many servers streams are kept
 * @param user as whom it connects; empty for a server without users
 * @param password of that user
 * @param authority file with the certificates (PEM) of those who may sign the servers'; null to connect without TLS
 */
public record NatsAccess(
        String url,
        int replicas,
        String user,
        String password,
        @Nullable Path authority) {
    /**
     * Access without TLS.
     *
     * @param url of NATS
     * @param replicas in how many servers streams are kept
     * @param user as whom it connects; empty for a server without users
     * @param password of that user
     */
    public NatsAccess(String url, int replicas, String user, String password) {
        this(url, replicas, user, password, null);
    }

    /**
     * Access as the environment of a process tells it.
     *
     * @param text gives the value of a variable, or the other text if it is not set
     * @param replicas in how many servers streams are kept
     * @return the access
     */
    public static NatsAccess of(BinaryOperator<String> text, int replicas) {
        String authority = text.apply("KAPPA_NATS_AUTHORITY", "");
        return new NatsAccess(
                text.apply("KAPPA_NATS_URL", "nats://kappa-nats:4222"),
                replicas,
                text.apply("KAPPA_NATS_USER", ""),
                text.apply("KAPPA_NATS_PASSWORD", ""),
                authority.isEmpty() ? null : Path.of(authority));
    }

    /** Answers come under a subject of the user's own, which no other user may listen to. */
    String inbox() {
        return user.isEmpty() ? "_INBOX." : "_INBOX." + user + ".";
    }

    @Override
    public String toString() {
        return url + " as " + (user.isEmpty() ? "nobody" : user);
    }
}
