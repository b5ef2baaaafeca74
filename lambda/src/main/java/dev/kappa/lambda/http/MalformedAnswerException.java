package dev.kappa.lambda.http;

/** What a function answered is no HTTP answer; the message says why, in a sentence. */
public final class MalformedAnswerException extends Exception {
    private static final long serialVersionUID = 1;

    MalformedAnswerException(String message) {
        super(message, null, false, false);
    }
}
