package dev.kappa.gateway.forward;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;

/** What came of handing an event to its owner. */
sealed interface Forwarded {
    /**
     * The owner answered its caller's answer.
     *
     * @param status HTTP status
     * @param headers all headers
     * @param body the body
     */
    record Answered(int status, MultiMap headers, Buffer body) implements Forwarded {}

    /** It is no owner any more; the event did not run. */
    record Moved() implements Forwarded {}

    /** No connection; the event did not run. */
    record NotSent() implements Forwarded {}

    /**
     * The connection broke; the event may have run.
     *
     * @param cause in words
     */
    record Broken(String cause) implements Forwarded {}
}
