package dev.kappa.lambda.model;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes answers as the model has them; a member that it lacks, or one of another type, is a fault of whoever answers. */
final class OutputWriter {
    private static final byte[] EMPTY = {};
    private static final int NO_CONTENT = 204;

    private OutputWriter() {}

    static Answer write(Operation operation, Map<String, ?> values) {
        Shape.Structure shape = operation.output();
        if (shape == null) {
            if (!values.isEmpty()) {
                throw new IllegalArgumentException(operation.name() + " answers nothing, but got " + values.keySet());
            }
            return new Answer(operation.status(), Map.of(), EMPTY);
        }
        checkNames(shape, values);
        int status = operation.status();
        Map<String, String> headers = new LinkedHashMap<>();
        for (Member member : shape.members().values()) {
            Object value = values.get(member.name());
            if (value != null && member.location() == Member.Location.STATUS) {
                status = (Integer) value;
            } else if (value != null && member.location() == Member.Location.HEADER) {
                headers.put(member.wireName(), String.valueOf(value));
            }
        }
        return new Answer(status, headers, status == NO_CONTENT ? EMPTY : body(shape, values));
    }

    private static byte[] body(Shape.Structure shape, Map<String, ?> values) {
        String payload = shape.payload();
        if (payload != null) {
            Object value = values.get(payload);
            return value == null ? EMPTY : (byte[]) value;
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try (JsonGenerator json = Json.FACTORY.createGenerator(body)) {
            structure(json, shape, values);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return body.toByteArray();
    }

    private static void checkNames(Shape.Structure shape, Map<?, ?> values) {
        for (Object name : values.keySet()) {
            if (!shape.members().containsKey(name)) {
                throw new IllegalArgumentException(shape.name() + " has no member " + name);
            }
        }
    }

    private static void structure(JsonGenerator json, Shape.Structure shape, Map<?, ?> values) throws IOException {
        checkNames(shape, values);
        json.writeStartObject();
        for (Member member : shape.members().values()) {
            Object value = values.get(member.name());
            if (member.location() == Member.Location.BODY) {
                if (value != null) {
                    json.writeFieldName(member.wireName());
                    value(json, member.shape(), value, shape.name() + "." + member.name());
                } else if (member.required() && !Overrides.MAY_BE_EMPTY.contains(shape.name())) {
                    throw new IllegalArgumentException(shape.name() + " lacks " + member.name());
                }
            }
        }
        json.writeEndObject();
    }

    private static void value(JsonGenerator json, Shape shape, @Nullable Object value, String path) throws IOException {
        switch (shape) {
            case Shape.Structure structure when value instanceof Map<?, ?> map -> structure(json, structure, map);
            case Shape.Elements elements
            when value instanceof List<?> list -> {
                json.writeStartArray();
                for (Object element : list) {
                    value(json, elements.element(), element, path);
                }
                json.writeEndArray();
            }
            case Shape.Entries entries
            when value instanceof Map<?, ?> map -> {
                json.writeStartObject();
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    json.writeFieldName((String) entry.getKey());
                    value(json, entries.value(), entry.getValue(), path);
                }
                json.writeEndObject();
            }
            case Shape.Text text when value instanceof String string -> json.writeString(string);
            case Shape.Flag flag when value instanceof Boolean bool -> json.writeBoolean(bool);
            case Shape.Bytes bytes when value instanceof byte[] array -> json.writeBinary(array);
            case Shape.Time time when value instanceof Instant instant -> json.writeNumber(seconds(instant));
            case Shape.Numeric numeric
            when value instanceof Number number && fits(numeric, number) -> json.writeNumber(number.toString());
            default -> throw new IllegalArgumentException(path + " cannot be " + value);
        }
    }

    private static boolean fits(Shape.Numeric shape, Number number) {
        return JsonValues.number(shape, number) != null;
    }

    private static BigDecimal seconds(Instant instant) {
        return BigDecimal.valueOf(instant.toEpochMilli()).movePointLeft(3);
    }
}
