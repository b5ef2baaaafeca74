package dev.kappa.identity;

/**
 * Who makes a call.
 *
 * @param name what records and logs show
 */
public record Caller(String name) {
    /** A caller that shows nothing. */
    public static final Caller ANONYMOUS = new Caller("anonymous");
}
