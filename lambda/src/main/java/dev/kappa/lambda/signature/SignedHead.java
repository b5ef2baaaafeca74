package dev.kappa.lambda.signature;

import java.util.Collection;
import java.util.List;

/** What a signature covers of a request besides its body. */
public interface SignedHead {
    /** The method in capitals. */
    String method();

    /** Path and query as they came, still encoded. */
    String target();

    /**
     * The headers of a name.
     *
     * @param name in any case
     * @return their values in the order in which they came, empty if there is none
     */
    List<String> values(String name);

    /** Names of all headers, in any case, perhaps more than once. */
    Collection<String> names();
}
