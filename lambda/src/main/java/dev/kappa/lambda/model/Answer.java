package dev.kappa.lambda.model;

import java.util.Map;

/**
 * An answer as it goes over the wire.
 *
 * @param status HTTP status
 * @param headers those that the model has, by their names
 * @param body JSON, or what the model makes the whole body; empty for none
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares two of them
public record Answer(int status, Map<String, String> headers, byte[] body) {}
