package dev.kappa.identity;

import java.time.Instant;

/**
 * Temporary credentials of a ServiceAccount.
 *
 * @param key what a caller signs with, and who that is
 * @param secretAccessKey of the key
 * @param token that goes with every signature
 * @param until when they end
 * @param name which whoever assumed the role gave to the session; empty for one that has no other name than its caller's
 */
public record Session(AccessKey key, String secretAccessKey, String token, Instant until, String name) {
    @Override
    public String toString() {
        return "session " + name + " with " + key + " until " + until;
    }
}
