package dev.kappa.stores.events;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * An event that was given up, with everything that is needed to run it again.
 *
 * @param outcome how it ended
 * @param qualifier what its caller named, null for the function itself
 * @param invokedArn the ARN that its caller named
 * @param clientContext base64, null if there was none
 * @param caller who sent it
 * @param payload JSON
 */
public record DeadLetter(
        Outcome outcome,
        @Nullable String qualifier,
        String invokedArn,
        @Nullable String clientContext,
        String caller,
        String payload) {
    /**
     * Keeps everything of an event.
     *
     * @param outcome how it ended
     * @param event what it was
     * @return the letter
     */
    public static DeadLetter of(Outcome outcome, AsyncEvent event) {
        return new DeadLetter(
                outcome,
                event.qualifier(),
                event.invokedArn(),
                event.clientContext(),
                event.caller(),
                new String(event.payload(), StandardCharsets.UTF_8));
    }
}
