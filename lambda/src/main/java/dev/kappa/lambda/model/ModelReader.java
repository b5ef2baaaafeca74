package dev.kappa.lambda.model;

import dev.kappa.lambda.model.Shape.NumberType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes operations and shapes of botocore's service model, as {@link Overrides} corrects it. */
final class ModelReader {
    private final Map<?, ?> root;
    private final Map<String, Shape> shapes = new HashMap<>();

    private ModelReader(Map<?, ?> root) {
        this.root = root;
    }

    static ModelReader ofResource() {
        try (InputStream model = ModelReader.class.getResourceAsStream("service-2.json")) {
            return new ModelReader((Map<?, ?>) Objects.requireNonNull(
                    Json.read(Objects.requireNonNull(model).readAllBytes())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Json.NotJsonException e) {
            throw new IllegalStateException("the model of Lambda's API cannot be read", e);
        }
    }

    /** All operations by their names. */
    Map<String, Operation> operations() {
        Map<String, Operation> operations = new LinkedHashMap<>();
        map(root, "operations")
                .forEach((name, given) -> operations.put((String) name, operation((String) name, given)));
        return operations;
    }

    private Operation operation(String name, Object given) {
        Map<?, ?> http = map(given, "http");
        String output = optionalText(given, "output");
        int status = (Integer) value(http, "responseCode");
        return new Operation(
                name,
                text(http, "method"),
                PathTemplate.of(text(http, "requestUri")),
                Overrides.STATUS.getOrDefault(name, status),
                (Shape.Structure) shape(text(given, "input")),
                output == null ? null : (Shape.Structure) shape(output),
                texts(given, "errors"));
    }

    /** All errors by their names. */
    Map<String, ErrorShape> errors() {
        Map<String, ErrorShape> errors = new HashMap<>();
        map(root, "shapes").forEach((name, given) -> {
            if (given instanceof Map<?, ?> shape && shape.get("error") instanceof Integer status) {
                String message = map(shape, "members").containsKey("message") ? "message" : "Message";
                errors.put((String) name, new ErrorShape((String) name, status, message));
            }
        });
        return errors;
    }

    /** The values of an enumeration. */
    List<String> values(String shape) {
        return texts(map(map(root, "shapes"), shape), "enum");
    }

    private Shape shape(String name) {
        Shape known = shapes.get(name);
        if (known == null) {
            known = make(name, map(map(root, "shapes"), name));
            shapes.put(name, known);
        }
        return known;
    }

    private Shape make(String name, Map<?, ?> given) {
        boolean sensitive = given.containsKey("sensitive");
        Bounds bounds = new Bounds(number(given, "min"), number(given, "max"));
        return switch (text(given, "type")) {
            case "structure" -> structure(name, given);
            case "list" -> new Shape.Elements(name, part(given, "member"), bounds);
            case "map" -> new Shape.Entries(name, part(given, "key"), part(given, "value"), bounds, sensitive);
            case "string" -> string(name, given, bounds, sensitive);
            case "integer" -> new Shape.Numeric(name, NumberType.INTEGER, bounds);
            case "long" -> new Shape.Numeric(name, NumberType.LONG, bounds);
            case "double" -> new Shape.Numeric(name, NumberType.DOUBLE, bounds);
            case "boolean" -> new Shape.Flag(name);
            case "blob" -> new Shape.Bytes(name, bounds);
            case "timestamp" -> new Shape.Time(name);
            default -> throw new IllegalStateException("shape " + name + " has an unknown type: " + given);
        };
    }

    private static Shape string(String name, Map<?, ?> given, Bounds bounds, boolean sensitive) {
        String pattern = Overrides.pattern(name, optionalText(given, "pattern"));
        List<String> values = given.containsKey("enum") ? texts(given, "enum") : List.of();
        return new Shape.Text(
                name,
                bounds,
                pattern == null ? null : new TextPattern(pattern),
                Overrides.ORDER.getOrDefault(name, values),
                sensitive);
    }

    private Shape part(Map<?, ?> given, String part) {
        return shape(text(map(given, part), "shape"));
    }

    private Shape structure(String name, Map<?, ?> given) {
        List<String> required = given.containsKey("required") ? texts(given, "required") : List.of();
        Map<String, Member> members = new LinkedHashMap<>();
        map(given, "members").forEach((key, value) -> {
            String member = (String) key;
            String wireName = optionalText(value, "locationName");
            members.put(
                    member,
                    new Member(
                            member,
                            Overrides.shape(name, member, shape(text(value, "shape"))),
                            required.contains(member),
                            location(optionalText(value, "location")),
                            wireName == null ? member : wireName));
        });
        return new Shape.Structure(name, members, optionalText(given, "payload"));
    }

    private static Member.Location location(@Nullable String name) {
        return switch (name) {
            case null -> Member.Location.BODY;
            case "uri" -> Member.Location.URI;
            case "querystring" -> Member.Location.QUERY;
            case "header" -> Member.Location.HEADER;
            case "statusCode" -> Member.Location.STATUS;
            default -> throw new IllegalStateException("unknown location " + name);
        };
    }

    private static Object value(Object given, String name) {
        return Objects.requireNonNull(((Map<?, ?>) given).get(name), name);
    }

    private static Map<?, ?> map(Object given, String name) {
        return (Map<?, ?>) value(given, name);
    }

    private static String text(Object given, String name) {
        return (String) value(given, name);
    }

    private static @Nullable String optionalText(Object given, String name) {
        return (String) ((Map<?, ?>) given).get(name);
    }

    private static List<String> texts(Object given, String name) {
        return ((List<?>) value(given, name)).stream().map(String.class::cast).toList();
    }

    private static @Nullable BigDecimal number(Map<?, ?> given, String name) {
        Object number = given.get(name);
        return number == null ? null : new BigDecimal(number.toString());
    }
}
