package dev.kappa.sources.batch;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * A record of a queue or a stream.
 *
 * @param id what a partial answer calls it, unique in its queue or shard: message id, sequence number or offset
 * @param key records of one key keep their order where the source has one: partition key or message group, "" for none
 * @param arrivedAt when the source got it
 * @param event its JSON, as the event has it
 * @param bytes of that in UTF-8
 * @param filtered the JSON that filters look at, where payloads are decoded
 */
public record SourceRecord(String id, String key, Instant arrivedAt, String event, int bytes, String filtered) {
    /**
     * Measures the event.
     *
     * @param id what a partial answer calls it
     * @param key whose order it keeps
     * @param arrivedAt when the source got it
     * @param event its JSON, as the event has it
     * @param filtered the JSON that filters look at
     */
    public static SourceRecord of(String id, String key, Instant arrivedAt, String event, String filtered) {
        return new SourceRecord(id, key, arrivedAt, event, event.getBytes(StandardCharsets.UTF_8).length, filtered);
    }
}
