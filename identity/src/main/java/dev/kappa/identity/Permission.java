package dev.kappa.identity;

import java.util.List;

/**
 * What a call needs.
 *
 * @param action which call it is
 * @param arn of what it is about, for the error that refuses it
 * @param accesses all that the caller must be allowed; none if it is enough to be known
 */
public record Permission(Action action, String arn, List<Access> accesses) {
    /** Keeps the accesses. */
    public Permission {
        accesses = List.copyOf(accesses);
    }
}
