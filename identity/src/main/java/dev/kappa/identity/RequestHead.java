package dev.kappa.identity;

import dev.kappa.lambda.signature.SignedHead;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a caller is known by: a request without its body. */
public interface RequestHead extends SignedHead {
    /**
     * A header.
     *
     * @param name in any case
     * @return the first of that name, null if there is none
     */
    default @Nullable String header(String name) {
        List<String> values = values(name);
        return values.isEmpty() ? null : values.getFirst();
    }
}
