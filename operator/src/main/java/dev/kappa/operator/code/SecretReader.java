package dev.kappa.operator.code;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** Reads the Secrets that hold credentials for buckets. */
@FunctionalInterface
public interface SecretReader {
    /**
     * Reads one.
     *
     * @param namespace where it is
     * @param name of the Secret
     * @return its texts by their keys; empty if there is no such Secret
     * @throws IOException if it may not be read, with the remedy, or the API server does not answer
     */
    Optional<Map<String, String>> read(String namespace, String name) throws IOException;
}
