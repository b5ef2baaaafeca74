package dev.kappa.controlplane.api;

import dev.kappa.lambda.Accounts;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The UUID by which callers know an event source: the uid of its resource, at the end of which stands the account of its
 * namespace, so that it is known without a look where the resource is.
 *
 * @param namespace of the resource
 * @param beginning of the resource's uid
 */
record MappingId(String namespace, String beginning) {
    private static final Pattern UUID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9]{12}");
    private static final int KEPT = 24;

    /**
     * Reads a UUID.
     *
     * @param uuid as a call gives it
     * @return empty if it is none of a namespace that there is
     */
    static Optional<MappingId> parse(String uuid, Accounts accounts) {
        String lower = uuid.toLowerCase(Locale.ROOT);
        return UUID.matcher(lower).matches()
                ? accounts.namespace(lower.substring(KEPT)).map(it -> new MappingId(it, lower.substring(0, KEPT)))
                : Optional.empty();
    }

    /** The UUID of a resource. */
    static String of(Resource source, Accounts accounts) {
        return source.uid().substring(0, KEPT) + accounts.account(source.namespace());
    }

    /** Whether it is that of a resource of its namespace. */
    boolean names(Resource source) {
        return source.uid().startsWith(beginning);
    }
}
