package dev.kappa.lambda.model;

import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.RefusedException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes values of JSON, or refuses those of another type in the words of the service. */
final class JsonValues {
    private static final String NO_LIST = "Start of list found where not expected.";
    private static final String NO_OBJECT = "Start of structure or map found where not expected.";

    private JsonValues() {}

    /**
     * The members of a structure that a JSON object has; others are left out, and so is null.
     *
     * @throws RefusedException 400 SerializationException if it is none, or one of its members has another type
     */
    static Members structure(Shape.Structure shape, Object value) {
        if (!(value instanceof Map<?, ?> object)) {
            throw refused(value instanceof List ? NO_LIST : "Expected null");
        }
        Map<String, Object> members = new LinkedHashMap<>();
        for (Member member : shape.members().values()) {
            Object given = member.location() == Member.Location.BODY ? object.get(member.wireName()) : null;
            if (given != null) {
                members.put(member.name(), of(member.shape(), given));
            }
        }
        return new Members(shape, members);
    }

    private static Object of(Shape shape, Object value) {
        return switch (shape) {
            case Shape.Structure structure -> structure(structure, value);
            case Shape.Elements elements -> list(elements, value);
            case Shape.Entries entries -> map(entries, value);
            default -> scalar(shape, value);
        };
    }

    private static Object list(Shape.Elements shape, Object value) {
        if (!(value instanceof List<?> given)) {
            throw refused(value instanceof Map ? NO_OBJECT : "Expected list or null");
        }
        List<@Nullable Object> list = new ArrayList<>();
        for (Object element : given) {
            if (element != null) {
                list.add(of(shape.element(), element));
            } else if (!Overrides.MAY_BE_NULL.contains(shape.element().name())) {
                list.add(null);
            }
        }
        return list;
    }

    private static Object map(Shape.Entries shape, Object value) {
        if (!(value instanceof Map<?, ?> given)) {
            throw refused(value instanceof List ? NO_LIST : "Expected map or null");
        }
        Map<Object, @Nullable Object> map = new LinkedHashMap<>();
        given.forEach((key, element) -> map.put(key, element == null ? null : of(shape.value(), element)));
        return map;
    }

    private static Object scalar(Shape shape, Object value) {
        Object converted = value instanceof List || value instanceof Map
                ? null
                : switch (shape) {
                    case Shape.Text text -> value instanceof String ? value : null;
                    case Shape.Flag flag -> value instanceof Boolean ? value : null;
                    case Shape.Numeric numeric -> value instanceof Number number ? number(numeric, number) : null;
                    case Shape.Time time -> value instanceof Number number ? time(number) : null;
                    case Shape.Bytes bytes -> value instanceof String text ? bytes(text) : null;
                    default -> throw new IllegalStateException("no scalar: " + shape);
                };
        if (converted == null) {
            throw cannotBe(shape, value);
        }
        return converted;
    }

    /** Null for one that does not fit. */
    static @Nullable Object number(Shape.Numeric shape, Number value) {
        BigDecimal number = new BigDecimal(value.toString());
        try {
            return switch (shape.type()) {
                case INTEGER -> number.intValueExact();
                case LONG -> number.longValueExact();
                case DOUBLE -> number.doubleValue();
            };
        } catch (ArithmeticException e) {
            return null;
        }
    }

    private static Instant time(Number seconds) {
        BigDecimal millis = new BigDecimal(seconds.toString()).movePointRight(3);
        return Instant.ofEpochMilli(millis.longValue());
    }

    private static byte[] bytes(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw refused("The bytes are no base64: " + e.getMessage());
        }
    }

    static RefusedException cannotBe(Shape shape, Object value) {
        if (value instanceof List || value instanceof Map) {
            return refused(value instanceof List ? NO_LIST : NO_OBJECT);
        }
        String given = switch (value) {
            case Boolean flag -> flag ? "TRUE_VALUE" : "FALSE_VALUE";
            case Number n -> "NUMBER_VALUE";
            default -> "STRING_VALUE";
        };
        return refused(given + " can not be converted to " + type(shape));
    }

    private static String type(Shape shape) {
        return switch (shape) {
            case Shape.Text t -> "a String";
            case Shape.Flag f -> "a Boolean";
            case Shape.Time t -> "a Timestamp";
            case Shape.Bytes b -> "a Blob";
            case Shape.Numeric numeric ->
                switch (numeric.type()) {
                    case INTEGER -> "an Integer";
                    case LONG -> "a Long";
                    case DOUBLE -> "a Double";
                };
            default -> throw new IllegalStateException("no scalar: " + shape);
        };
    }

    private static RefusedException refused(String message) {
        return new RefusedException(AwsError.serialization(message));
    }
}
