package dev.kappa.sources.streams;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kappa.stores.keys.KeyStore;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** How far a shard is settled, in one key that is compared and set: who does not know its last value writes nothing. */
public final class CheckpointStore {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final KeyStore keys;
    private final String key;
    private final String stream;
    private long revision;
    /** What was written, and nobody knows whether it landed. */
    private @Nullable String doubtful;

    /**
     * Of a shard.
     *
     * @param keys where it is kept
     * @param key of it
     * @param stream tells it from one of the same name that was there before
     */
    public CheckpointStore(KeyStore keys, String key, String stream) {
        this.keys = keys;
        this.key = key;
        this.stream = stream;
    }

    /**
     * Reads it.
     *
     * @return the id of the last settled record, empty if nothing is known of this stream
     * @throws IOException if nobody tells
     */
    public Optional<String> read() throws IOException {
        Optional<KeyStore.Value> value = keys.find(key);
        revision = value.map(KeyStore.Value::revision).orElse(0L);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        try {
            JsonNode json = JSON.readTree(value.get().text());
            return json.path("stream").asText().equals(stream)
                    ? Optional.of(json.path("position").asText())
                    // All of another stream is new.
                    : Optional.of("");
        } catch (JsonProcessingException e) {
            throw new IOException(
                    "What is written of " + key + " cannot be read: "
                            + value.get().text(),
                    e);
        }
    }

    /**
     * Writes it.
     *
     * @param position id of the last settled record
     * @return false if another process wrote it
     * @throws IOException if nobody knows whether it is written
     */
    public boolean write(String position) throws IOException {
        String text = JSON.createObjectNode()
                .put("position", position)
                .put("stream", stream)
                .toString();
        OptionalLong written = put(text);
        if (written.isEmpty() && doubtful != null && landed(doubtful)) {
            written = put(text);
        }
        doubtful = null;
        written.ifPresent(it -> revision = it);
        return written.isPresent();
    }

    private OptionalLong put(String text) throws IOException {
        String before = doubtful;
        doubtful = text;
        OptionalLong written = keys.write(key, text, revision);
        doubtful = before;
        return written;
    }

    private boolean landed(String text) throws IOException {
        Optional<KeyStore.Value> there = keys.find(key).filter(it -> it.text().equals(text));
        there.ifPresent(it -> revision = it.revision());
        return there.isPresent();
    }
}
