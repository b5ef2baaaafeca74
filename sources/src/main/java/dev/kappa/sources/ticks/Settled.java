package dev.kappa.sources.ticks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kappa.stores.keys.KeyStore;
import java.time.Instant;
import java.util.Optional;

/**
 * How far a schedule is, as its key says.
 *
 * @param until the last tick that has its event, or from when on there are ticks
 * @param lastTick that has its event
 * @param timing of the manifest that this is about
 * @param revision of the key
 */
record Settled(Instant until, Optional<Instant> lastTick, String timing, long revision) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static Settled read(KeyStore.Value value) {
        try {
            JsonNode json = JSON.readTree(value.text());
            return new Settled(
                    Instant.parse(json.path("until").asText()),
                    Optional.ofNullable(json.get("lastTick"))
                            .map(JsonNode::asText)
                            .map(Instant::parse),
                    json.path("timing").asText(),
                    value.revision());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("What is written of a schedule cannot be read: " + value.text(), e);
        }
    }

    String text() {
        ObjectNode json = JSON.createObjectNode().put("until", until.toString()).put("timing", timing);
        lastTick.ifPresent(it -> json.put("lastTick", it.toString()));
        return json.toString();
    }

    Settled tick(Instant tick, boolean hasEvent) {
        return new Settled(tick, hasEvent ? Optional.of(tick) : lastTick, timing, revision);
    }

    Settled at(long next) {
        return new Settled(until, lastTick, timing, next);
    }
}
