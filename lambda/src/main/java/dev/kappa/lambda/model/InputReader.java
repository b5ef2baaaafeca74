package dev.kappa.lambda.model;

import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.RefusedException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads the members of a request from its path, query, headers and body. */
final class InputReader {
    private final Operation operation;
    private final CallHead head;
    private final Map<String, String> labels;

    private InputReader(Operation operation, CallHead head) {
        this.operation = operation;
        this.head = head;
        this.labels = operation.labels(head);
    }

    /**
     * Reads a request, whatever constraints it violates.
     *
     * @throws RefusedException if the body is no JSON, or a member has the wrong type
     */
    static Members read(Operation operation, CallHead head, byte[] body) {
        return new InputReader(operation, head).read(body);
    }

    private Members read(byte[] body) {
        Shape.Structure shape = operation.input();
        Map<String, Object> values = new LinkedHashMap<>(inBody(body));
        for (Member member : shape.members().values()) {
            Object value = switch (member.location()) {
                case URI -> labels.get(member.wireName());
                case QUERY -> queried(member.shape(), head.queried(member.wireName()));
                case HEADER -> text(member.shape(), head.header(member.wireName()));
                case BODY, STATUS -> null;
            };
            if (value != null) {
                values.put(member.name(), value instanceof String text ? given(member.shape(), text) : value);
            }
        }
        return new Members(shape, values);
    }

    /** A label may be of a type other than text. */
    private static Object given(Shape shape, String text) {
        return Objects.requireNonNullElse(text(shape, text), text);
    }

    private Map<String, Object> inBody(byte[] body) {
        Shape.Structure shape = operation.input();
        String payload = shape.payload();
        if (payload == null) {
            boolean hasFields = shape.members().values().stream().anyMatch(it -> it.location() == Member.Location.BODY);
            return hasFields && body.length > 0
                    ? JsonValues.structure(shape, parse(body)).values()
                    : Map.of();
        }
        if (body.length == 0) {
            return Map.of();
        }
        Shape whole = Objects.requireNonNull(shape.members().get(payload)).shape();
        return Map.of(
                payload,
                whole instanceof Shape.Structure structure ? JsonValues.structure(structure, parse(body)) : body);
    }

    private static Object parse(byte[] body) {
        try {
            Object value = Json.read(body);
            return value == null ? Map.of() : value;
        } catch (Json.NotJsonException e) {
            throw new RefusedException(
                    AwsError.invalidContent("Could not parse request body into json: " + e.getMessage()));
        }
    }

    private static @Nullable Object queried(Shape shape, List<String> values) {
        if (values.isEmpty()) {
            return null;
        }
        return shape instanceof Shape.Elements elements
                ? values.stream().map(it -> given(elements.element(), it)).toList()
                : text(shape, values.getFirst());
    }

    /** What is empty counts as not given, unless it is a text. */
    private static @Nullable Object text(Shape shape, @Nullable String text) {
        if (text == null || shape instanceof Shape.Text) {
            return text;
        }
        return text.isEmpty() ? null : converted(shape, text);
    }

    private static Object converted(Shape shape, String text) {
        Object value;
        try {
            value = switch (shape) {
                case Shape.Numeric numeric -> JsonValues.number(numeric, new BigDecimal(text));
                case Shape.Flag flag ->
                    switch (text) {
                        case "true" -> true;
                        case "false" -> false;
                        default -> null;
                    };
                case Shape.Time time -> Instant.parse(text);
                default -> throw new IllegalStateException("no parameter: " + shape);
            };
        } catch (NumberFormatException | DateTimeException e) {
            value = null;
        }
        if (value == null) {
            throw JsonValues.cannotBe(shape, text);
        }
        return value;
    }
}
