package dev.kappa.stores.events;

/**
 * How an event failed so far.
 *
 * @param failed runs that ended with an error of the function
 * @param notBeforeMs when it may run again, epoch milliseconds
 * @param error the last error object of the function
 */
public record Attempts(int failed, long notBeforeMs, String error) {
    /** Before the first failure. */
    public static final Attempts NONE = new Attempts(0, 0, "");
}
