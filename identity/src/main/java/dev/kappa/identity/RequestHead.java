package dev.kappa.identity;

import org.jspecify.annotations.Nullable;

/** What a caller is known by: a request without its body. */
public interface RequestHead {
    /** The method in capitals. */
    String method();

    /** Path and query as they came, still encoded. */
    String target();

    /**
     * A header.
     *
     * @param name in any case
     * @return the first of that name, null if there is none
     */
    @Nullable
    String header(String name);
}
