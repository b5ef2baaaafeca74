package dev.kappa.sources.work;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** Reads Secrets. */
@FunctionalInterface
public interface SecretReader {
    /**
     * What a Secret holds.
     *
     * @param namespace of it
     * @param name of it
     * @return texts by key, empty if there is no such Secret
     * @throws IOException if nobody tells
     */
    Optional<Map<String, String>> read(String namespace, String name) throws IOException;
}
