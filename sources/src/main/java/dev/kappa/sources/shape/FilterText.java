package dev.kappa.sources.shape;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What filters look at: the record with its payload decoded, as JSON if it is that, else as text. */
public final class FilterText {
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private FilterText() {}

    /**
     * Of a record.
     *
     * @param event its JSON, as the event has it
     * @param payloads by the members that have them in base64
     */
    public static String of(String event, Map<String, byte[]> payloads) {
        try {
            ObjectNode record = (ObjectNode) JSON.readTree(event);
            payloads.forEach((member, payload) -> record.set(member, decoded(payload)));
            return record.toString();
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
