package dev.kappa.shim.http;

/**
 * What a peer may ask of a listener.
 *
 * @param headBytes longest request line with all headers, and longest trailers
 * @param headers most headers of one request
 * @param bodyBytes longest body that is kept in memory
 * @param idleMs longest time that a peer who has not proven who it is may ask for nothing, 0 for any
 * @param headMs longest time from the first byte of a head to its last
 * @param bodyMs longest time that a body takes, 0 for any
 * @param answerMs longest time that an answer takes, 0 for any
 * @param connections most connections at once
 * @param requests most requests of one connection that wait for their answers
 */
public record Limits(
        int headBytes,
        int headers,
        int bodyBytes,
        long idleMs,
        long headMs,
        long bodyMs,
        long answerMs,
        int connections,
        int requests) {}
