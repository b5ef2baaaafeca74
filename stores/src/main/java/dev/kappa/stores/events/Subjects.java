package dev.kappa.stores.events;

import java.util.Map;

/** Publishes to NATS subjects of users. */
public interface Subjects {
    /**
     * Publishes a message; once a stream holds the subject it is written, else whoever listens gets it.
     *
     * @param subject without wildcards
     * @param id by which a stream drops what it has already
     * @param headers of the message
     * @param body its content
     * @throws DestinationException if it was not taken
     */
    void publish(String subject, String id, Map<String, String> headers, byte[] body) throws DestinationException;
}
