package dev.kappa.shim.core;

import java.util.Locale;

/**
 * Why a handler could not be initialised; the events that come answer with it.
 *
 * @param type Lambda's errorType
 * @param message Lambda's errorMessage
 * @param body the error object
 */
@SuppressWarnings("ArrayRecordComponent")
public record InitError(String type, String message, byte[] body) {
    public InitError(String type, String message) {
        this(type, message, Outcome.error(type, message));
    }

    /** Neither attempt ended in time. */
    public static InitError timedOut(Settings settings, String advice) {
        return new InitError(
                Outcome.TIMED_OUT,
                "Error: Init timed out after " + settings.initLimitMs() / 1000
                        + " seconds, and the second attempt after the" + " function's timeout of "
                        + settings.timeoutMs() / 1000.0 + " seconds" + advice);
    }

    /** What Lambda's log says of an attempt that took too long. */
    public static String report(long limitMs, String phase) {
        return String.format(
                Locale.ROOT,
                "INIT_REPORT Init Duration: %.2f ms\tPhase: %s\tStatus: timeout\t",
                (double) limitMs,
                phase);
    }

    public Outcome.Failure outcome() {
        return new Outcome.Failure(type, body);
    }
}
