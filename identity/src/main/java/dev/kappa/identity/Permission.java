package dev.kappa.identity;

import java.util.List;

/**
 * What a call needs.
 *
 * @param action which call it is
 * @param target what it is about
 * @param arn of what it is about, for the error that refuses it
 * @param accesses all that the caller must be allowed; none if it is enough to be known
 */
public record Permission(Action action, Target target, String arn, List<Access> accesses) {
    /** Keeps the accesses. */
    public Permission {
        accesses = List.copyOf(accesses);
    }

    /**
     * What a call needs that is about no function.
     *
     * @param action which call it is
     * @param arn of what it is about, for the error that refuses it
     * @param accesses all that the caller must be allowed; none if it is enough to be known
     */
    public Permission(Action action, String arn, List<Access> accesses) {
        this(action, Target.namespace(""), arn, accesses);
    }
}
