package dev.kappa.sources.nats;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** What filters look at: the record with its data decoded, as JSON if it is that, else as text. */
final class NatsFilterText {
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private NatsFilterText() {}

    static String of(String event, byte[] data) {
        try {
            ObjectNode record = (ObjectNode) JSON.readTree(event);
            return record.set("data", decoded(data)).toString();
        } catch (JsonProcessingException e) {
            return event;
        }
    }

    private static JsonNode decoded(byte[] data) {
        try {
            JsonNode json = JSON.readTree(data);
            if (json != null && json.isContainerNode()) {
                return json;
            }
        } catch (IOException e) {
            // It is text then.
        }
        return JSON.getNodeFactory().textNode(new String(data, StandardCharsets.UTF_8));
    }
}
