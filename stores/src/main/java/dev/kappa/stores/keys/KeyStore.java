package dev.kappa.stores.keys;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Keys that are read and compared-and-set; none goes by itself. Calls block, and are not repeated by the store. */
public interface KeyStore {
    /**
     * What a key holds.
     *
     * @param text its value
     * @param revision from 1 on
     */
    record Value(String text, long revision) {}

    /**
     * Reads a key.
     *
     * @param key letters, digits, - and dots
     * @return empty if it is not there
     * @throws IOException if nobody knows
     */
    Optional<Value> find(String key) throws IOException;

    /**
     * Writes a key if nobody did since it was read.
     *
     * @param key letters, digits, - and dots
     * @param text its new value
     * @param expected revision that it must have, 0 if it must not be there
     * @return its new revision; empty if it has another one than was expected, so that nothing was written
     * @throws IOException if nobody knows whether it was written
     */
    OptionalLong write(String key, String text, long expected) throws IOException;

    /**
     * Removes a key and all that is known of it.
     *
     * @param key letters, digits, - and dots
     * @throws IOException if nobody knows whether it is gone
     */
    void remove(String key) throws IOException;

    /**
     * All keys.
     *
     * @return their names
     * @throws IOException if nobody knows
     */
    Set<String> all() throws IOException;
}
