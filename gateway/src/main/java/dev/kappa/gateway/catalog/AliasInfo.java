package dev.kappa.gateway.catalog;

import org.jspecify.annotations.Nullable;

/**
 * Where an alias points to.
 *
 * @param namespace its namespace
 * @param function name of the function
 * @param alias the qualifier
 * @param version number of the version, {@link #LATEST} for $LATEST
 * @param additional number of the additional version, equal to {@code version} if there is none
 * @param weightPercent share of the additional version, 0 to 100
 * @param stickyHeader header that stands for a caller, null if every event is drawn
 * @param async for asynchronous events that name it, null for the function's
 * @param url how it is called by HTTP clients, null if it is not
 */
public record AliasInfo(
        String namespace,
        String function,
        String alias,
        int version,
        int additional,
        double weightPercent,
        @Nullable String stickyHeader,
        @Nullable AsyncSettings async,
        @Nullable UrlSettings url) {
    /** Stands for the number of $LATEST, which has none. */
    public static final int LATEST = 0;

    /**
     * An alias without settings for asynchronous events and without a URL.
     *
     * @param namespace its namespace
     * @param function name of the function
     * @param alias the qualifier
     * @param version number of the version
     * @param additional number of the additional version, equal to {@code version} if there is none
     * @param weightPercent share of the additional version, 0 to 100
     * @param stickyHeader header that stands for a caller, null if every event is drawn
     */
    public AliasInfo(
            String namespace,
            String function,
            String alias,
            int version,
            int additional,
            double weightPercent,
            @Nullable String stickyHeader) {
        this(namespace, function, alias, version, additional, weightPercent, stickyHeader, null, null);
    }

    /**
     * Draws the version of one event.
     *
     * @param random uniform in [0, 1)
     * @return number of a version
     */
    public int draw(double random) {
        return random * 100 < weightPercent ? additional : version;
    }
}
