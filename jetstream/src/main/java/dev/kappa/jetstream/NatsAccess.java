package dev.kappa.jetstream;

/**
 * How a process reaches NATS.
 *
 * @param url of NATS
 * @param replicas in how many servers streams are kept
 * @param user as whom it connects; empty for a server without users
 * @param password of that user
 */
public record NatsAccess(String url, int replicas, String user, String password) {
    /** Answers come under a subject of the user's own, which no other user may listen to. */
    String inbox() {
        return user.isEmpty() ? "_INBOX." : "_INBOX." + user + ".";
    }

    @Override
    public String toString() {
        return url + " as " + (user.isEmpty() ? "nobody" : user);
    }
}
