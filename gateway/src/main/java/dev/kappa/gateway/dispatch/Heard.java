package dev.kappa.gateway.dispatch;

/** What became of a hello or a farewell. */
public enum Heard {
    /** The dispatcher knows. */
    TAKEN,
    /** Another gateway owns the function: nothing was noted here. */
    NOT_OWNER,
    /** The pod is one of another version: nothing was noted. */
    FOREIGN_POD,
    /** The version has more instances already than any could use: nothing was noted. */
    TOO_MANY
}
