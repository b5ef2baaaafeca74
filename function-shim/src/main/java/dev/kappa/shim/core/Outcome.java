package dev.kappa.shim.core;

import java.util.Locale;
import java.util.regex.Pattern;

/** How an event ended, in Lambda's shapes. */
public sealed interface Outcome {
    /** Largest answer in bytes, as the Runtime API of Lambda has it. */
    int MAX_ANSWER = 6_291_556;

    /** Lambda's errorType for an answer that is longer than may be. */
    String RESPONSE_TOO_LARGE = "Function.ResponseSizeTooLarge";

    /** Lambda's errorType for an event, or an initialisation, that took too long. */
    String TIMED_OUT = "Sandbox.Timedout";

    /** The handler returned. */
    @SuppressWarnings("ArrayRecordComponent")
    record Answer(byte[] body) implements Outcome {}

    /**
     * The handler, its initialisation or its process failed.
     *
     * @param type Lambda's errorType, for logs and metrics
     * @param body the error object that the caller sees
     * @param afterwards to be run once the answer is written: ends what the failure left behind
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Failure(String type, byte[] body, Runnable afterwards) implements Outcome {
        public Failure(String type, byte[] body) {
            this(type, body, () -> {});
        }

        public boolean isTimeout() {
            return type.equals(TIMED_OUT);
        }

        public Failure then(Runnable next) {
            return new Failure(type, body, next);
        }
    }

    /** The event reached no handler, because the environment went away first. */
    record NotRun() implements Outcome {}

    Pattern ERROR_TYPE = Pattern.compile("(Runtime|Function)\\.[A-Z][a-zA-Z]+");

    /** An answer, or the error that stands for one that is too large. */
    static Outcome answer(byte[] body) {
        return body.length > MAX_ANSWER ? tooLarge() : new Answer(body);
    }

    static boolean isTooLarge(Outcome outcome) {
        return outcome instanceof Failure failure && failure.type().equals(RESPONSE_TOO_LARGE);
    }

    static Failure tooLarge() {
        return tooLarge(MAX_ANSWER);
    }

    /** The runtime's answer broke off. */
    static Failure truncated(String requestId) {
        String type = "Runtime.TruncatedResponse";
        return new Failure(
                type, error(type, "RequestId: " + requestId + " Error: the runtime's answer ended before its end"));
    }

    /** The runtime answers in a mode that there is not. */
    static Failure invalidMode(String requestId) {
        String type = "Runtime.InvalidResponseModeHeader";
        return new Failure(
                type, error(type, "RequestId: " + requestId + " Error: the runtime's response mode is not streaming"));
    }

    /** An answer is longer than so many bytes. */
    static Failure tooLarge(long most) {
        return new Failure(
                RESPONSE_TOO_LARGE,
                error(
                        RESPONSE_TOO_LARGE,
                        "Response payload size exceeded maximum allowed payload size (" + most + " bytes)."));
    }

    static Failure timedOut(String requestId, long timeoutMs) {
        String type = TIMED_OUT;
        String message = String.format(
                Locale.ROOT, "RequestId: %s Error: Task timed out after %.2f seconds", requestId, timeoutMs / 1000.0);
        return new Failure(type, error(type, message));
    }

    /**
     * The process of the handler ended.
     *
     * @param status exit status, 128 + number for a signal
     */
    static Failure exited(String requestId, int status) {
        String type = "Runtime.ExitError";
        return new Failure(type, error(type, "RequestId: " + requestId + " Error: " + exitMessage(status)));
    }

    static String exitMessage(int status) {
        return switch (status) {
            case 0 -> "Runtime exited without providing a reason";
            case 134 -> "Runtime exited with error: signal: aborted";
            case 137 -> "Runtime exited with error: signal: killed";
            case 139 -> "Runtime exited with error: signal: segmentation fault";
            default -> "Runtime exited with error: exit status " + status;
        };
    }

    static byte[] error(String type, String message) {
        return new Json().put("errorType", type).put("errorMessage", message).bytes();
    }

    /** The type that Lambda books for what a runtime client claims in its header. */
    static String bookedType(String claimed) {
        if (ERROR_TYPE.matcher(claimed).matches()) {
            return claimed;
        }
        return claimed.startsWith("Function.") ? "Function.Unknown" : "Runtime.Unknown";
    }
}
