package dev.kappa.sources.batch;

/**
 * A record that a queue handed out.
 *
 * @param number names this delivery to whoever got it
 * @param record what it brought
 */
public record Delivery(long number, SourceRecord record) {}
