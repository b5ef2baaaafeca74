package dev.kappa.stores.packages;

import java.time.Instant;

/**
 * A package of the store.
 *
 * @param namespace whose
 * @param sha256 its digest, 64 lower-case hex digits
 * @param storedAt when it was stored the last time
 */
public record StoredPackage(String namespace, String sha256, Instant storedAt) {
    /**
     * By what Functions and Versions are compared with it.
     *
     * @return namespace, a slash and digest
     */
    public String name() {
        return namespace + "/" + sha256;
    }
}
