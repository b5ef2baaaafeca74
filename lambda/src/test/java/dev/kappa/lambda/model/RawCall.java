package dev.kappa.lambda.model;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A request as a client makes it of members.
 *
 * @param head method, path, query and headers
 * @param body JSON
 */
@SuppressWarnings("ArrayRecordComponent")
record RawCall(CallHead head, byte[] body) {
    static RawCall of(RawModel model, String operation, Map<String, Object> values) {
        Map<?, ?> http = RawModel.map(RawModel.map(model.operations(), operation), "http");
        Object input = model.input(operation);
        String[] uri = ((String) RawModel.get(http, "requestUri")).split("\\?", 2);
        String path = uri[0];
        StringBuilder query = new StringBuilder(uri.length > 1 ? uri[1] : "");
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        Map<Object, Object> body = new LinkedHashMap<>();
        for (Map.Entry<String, Object> entry : values.entrySet()) {
            Map<?, ?> member = RawModel.map(model.members(input), entry.getKey());
            Object value = entry.getValue();
            String wireName = member.get("locationName") instanceof String name ? name : entry.getKey();
            switch (member.get("location") instanceof String place ? place : "") {
                case "uri" -> path = path.replace("{" + wireName + "}", encode(value));
                case "querystring" ->
                    (value instanceof List<?> list ? list : List.of(value))
                            .forEach(one -> query.append('&')
                                    .append(wireName)
                                    .append('=')
                                    .append(encode(one)));
                case "header" -> headers.put(wireName, String.valueOf(value));
                default -> body.put(wireName, value);
            }
        }
        Object payload = model.shape(input).get("payload");
        CallHead head = new CallHead((String) RawModel.get(http, "method"), path, query.toString(), headers::get);
        Object content = payload == null ? body : body.get(payload);
        return new RawCall(head, content == null ? new byte[0] : json(content));
    }

    private static String encode(Object value) {
        return URLEncoder.encode(String.valueOf(value), StandardCharsets.UTF_8).replace("+", "%20");
    }

    static byte[] json(@Nullable Object value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = Json.FACTORY.createGenerator(bytes)) {
            write(json, value);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return bytes.toByteArray();
    }

    private static void write(JsonGenerator json, @Nullable Object value) throws IOException {
        switch (value) {
            case Map<?, ?> map -> {
                json.writeStartObject();
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    json.writeFieldName(String.valueOf(entry.getKey()));
                    write(json, entry.getValue());
                }
                json.writeEndObject();
            }
            case List<?> list -> {
                json.writeStartArray();
                for (Object element : list) {
                    write(json, element);
                }
                json.writeEndArray();
            }
            case String text -> json.writeString(text);
            case Boolean flag -> json.writeBoolean(flag);
            case Number number -> json.writeNumber(number.toString());
            case null -> json.writeNull();
            default -> throw new IllegalStateException("no JSON: " + value);
        }
    }
}
