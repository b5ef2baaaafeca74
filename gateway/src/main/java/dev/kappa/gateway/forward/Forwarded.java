package dev.kappa.gateway.forward;

import dev.kappa.http.Reply;

/** What came of handing an event to its owner. */
sealed interface Forwarded {
    /**
     * The owner answered its caller's answer.
     *
     * @param reply as the owner would write it to its own caller
     */
    record Answered(Reply reply) implements Forwarded {}

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
