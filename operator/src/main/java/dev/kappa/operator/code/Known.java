package dev.kappa.operator.code;

/**
 * What is known of a function's packages before they are looked for.
 *
 * @param packages that were stored when they were looked for last
 * @param stored whether they were there then: while the store does not answer, that is taken to be so still
 */
public record Known(Packages packages, boolean stored) {
    /** Nothing. */
    public static final Known NOTHING = new Known(Packages.NONE, false);
}
