package dev.kappa.controlplane.logs;

/**
 * A line that an instance printed.
 *
 * @param stream of the instance, as its handler sees it
 * @param timestamp when it was printed, in milliseconds since 1970
 * @param id always the same, and greater than those of lines that were printed before
 * @param message without the end of the line
 */
public record LogLine(String stream, long timestamp, String id, String message) {}
