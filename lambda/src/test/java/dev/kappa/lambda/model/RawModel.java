package dev.kappa.lambda.model;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The service model as it is in the file, read without the classes under test, and values that satisfy it. */
final class RawModel {
    private static final List<String> CANDIDATES = List.of(
            "a",
            "aa",
            "1",
            "a@b",
            "hello",
            "arn:aws:lambda:us-east-1:000000000000:function:hello",
            "arn:aws:lambda:us-east-1:000000000000:function:hello:1",
            "arn:aws:lambda:us-east-1:000000000000:code-signing-config:csc-0123456789abcdef0",
            "arn:aws:lambda:us-east-1:000000000000:capacity-provider:cp",
            "arn:aws:lambda:us-east-1:000000000000:layer:l",
            "arn:aws:lambda:us-east-1:000000000000:layer:l:1",
            "arn:aws:lambda:us-east-1::runtime:0123456789abcdef0123456789abcdef",
            "arn:aws:lambda:us-east-1:000000000000:function:hello:$LATEST/durable-execution/a/b",
            "arn:aws:lambda:us-east-1:000000000000:runtime/runtime",
            "arn:aws:lambda:us-east-1:000000000000:event-source-mapping:01234567-89ab-cdef-0123-456789abcdef",
            "arn:aws:elasticfilesystem:us-east-1:000000000000:access-point/fsap-0123456789abcdef0",
            "arn:aws:iam::000000000000:role/r",
            "arn:aws:iam::000000000000:root",
            "arn:aws:signer:us-east-1:000000000000:/signing-profiles/p",
            "arn:aws:kms:us-east-1:000000000000:key/k",
            "000000000000",
            "lambda:InvokeFunction",
            "lambda:GetLayerVersion",
            "o-0123456789",
            "us-east-1",
            "/mnt/data",
            "sg-0",
            "subnet-0",
            "host.example:9092",
            "01234567-89ab-cdef-0123-456789abcdef",
            "InvalidException",
            "$LATEST.PUBLISHED",
            "x".repeat(17),
            "x".repeat(36),
            "x".repeat(64));

    private final Map<?, ?> root;

    RawModel() {
        try (InputStream file = RawModel.class.getResourceAsStream("service-2.json")) {
            root = (Map<?, ?>) Objects.requireNonNull(
                    Json.read(Objects.requireNonNull(file).readAllBytes()));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    Map<String, Map<?, ?>> operations() {
        Map<String, Map<?, ?>> operations = new LinkedHashMap<>();
        map(root, "operations").forEach((name, it) -> operations.put((String) name, (Map<?, ?>) it));
        return operations;
    }

    Map<String, Map<?, ?>> errors() {
        Map<String, Map<?, ?>> errors = new LinkedHashMap<>();
        map(root, "shapes").forEach((name, it) -> {
            if (((Map<?, ?>) it).containsKey("error")) {
                errors.put((String) name, (Map<?, ?>) it);
            }
        });
        return errors;
    }

    Map<?, ?> shape(Object name) {
        return map(map(root, "shapes"), name);
    }

    String type(Object shape) {
        return (String) get(shape(shape), "type");
    }

    Map<?, ?> members(Object shape) {
        return map(shape(shape), "members");
    }

    List<?> required(Object shape) {
        return shape(shape).get("required") instanceof List<?> list ? list : List.of();
    }

    static Map<?, ?> map(Map<?, ?> map, Object name) {
        return (Map<?, ?>) get(map, name);
    }

    static Object get(Map<?, ?> map, Object name) {
        return Objects.requireNonNull(map.get(name), String.valueOf(name));
    }

    /** Shape of an operation's input. */
    Object input(String operation) {
        return get(map(map(root, "operations"), operation), "input");
    }

    /** Shape of the {@code member}, {@code key} or {@code value} of a list or map. */
    Object part(Object shape, String part) {
        return get(map(shape(shape), part), "shape");
    }

    /** The fewest members that satisfy the model. */
    Map<String, Object> validStructure(Object shape) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (Object name : required(shape)) {
            values.put((String) name, valid(get(map(members(shape), name), "shape")));
        }
        return values;
    }

    Object valid(Object shape) {
        Map<?, ?> it = shape(shape);
        return switch (type(shape)) {
            case "structure" -> validStructure(shape);
            case "list" ->
                IntStream.range(0, Math.max(1, number(it.get("min"), 0)))
                        .mapToObj(i -> valid(part(shape, "member")))
                        .toList();
            case "map" -> Map.of(valid(part(shape, "key")), valid(part(shape, "value")));
            case "string" -> validText(shape);
            case "double" -> (double) number(it.get("min"), 1);
            case "boolean" -> true;
            case "blob" -> "AAEC";
            case "timestamp" -> 1_700_000_000;
            default -> number(it.get("min"), 1);
        };
    }

    static int number(@Nullable Object number, int otherwise) {
        return number instanceof Number given ? given.intValue() : otherwise;
    }

    private String validText(Object shape) {
        if (shape(shape).get("enum") instanceof List<?> values) {
            // The first runtimes are those that the service does not take any more.
            return values.contains("java25") ? "java25" : (String) values.getFirst();
        }
        return CANDIDATES.stream()
                .filter(it -> violated(shape, it).isEmpty())
                .findFirst()
                .orElseThrow(() -> new AssertionError("no candidate satisfies " + shape + " " + shape(shape)));
    }

    /** Texts that violate something, one for each constraint at least. */
    List<String> invalidTexts(Object shape) {
        int max = number(shape(shape).get("max"), -1);
        Stream<String> texts = Stream.of("", "\u0001", "not one of them");
        return Stream.concat(texts, max < 0 ? Stream.of() : Stream.of("a".repeat(max + 1)))
                .filter(it -> !violated(shape, it).isEmpty())
                .toList();
    }

    /** The constraints that a text violates. */
    List<String> violated(Object shape, String text) {
        Map<?, ?> it = shape(shape);
        List<String> violated = new ArrayList<>();
        if (it.get("max") instanceof Integer max && text.length() > max) {
            violated.add("Member must have length less than or equal to " + max);
        }
        if (it.get("min") instanceof Integer min && text.length() < min) {
            violated.add("Member must have length greater than or equal to " + min);
        }
        if (it.get("pattern") instanceof String && !text.matches(pattern(shape))) {
            violated.add("Member must satisfy regular expression pattern: " + pattern(shape));
        }
        if (it.get("enum") instanceof List<?> && !values(shape).contains(text)) {
            violated.add("Member must satisfy enum value set: " + values(shape));
        }
        return violated;
    }

    /** All constraints of a shape. */
    List<String> constraints(Object shape) {
        Map<?, ?> it = shape(shape);
        List<String> all = new ArrayList<>();
        boolean isText = type(shape).equals("string") || type(shape).equals("list");
        String what = isText ? "length" : "value";
        for (String bound : List.of("max", "min")) {
            if (it.get(bound) != null) {
                Object number =
                        type(shape).equals("double") ? (Object) ((Number) it.get(bound)).doubleValue() : it.get(bound);
                all.add("Member must have " + what + (bound.equals("max") ? " less" : " greater") + " than or equal to "
                        + number);
            }
        }
        if (it.get("pattern") != null) {
            all.add("Member must satisfy regular expression pattern: " + pattern(shape));
        }
        if (it.get("enum") != null) {
            all.add("Member must satisfy enum value set: " + values(shape));
        }
        if (type(shape).equals("list")) {
            all.add("Member must satisfy constraint: " + ofPart(part(shape, "member")));
        }
        return all;
    }

    /** What a list or map asks of its elements. */
    List<String> ofPart(Object shape) {
        List<String> all = constraints(shape);
        if (!shape.equals("SubnetId") && !shape.equals("SecurityGroupId")) {
            all.add("Member must not be null");
        }
        return all;
    }

    /** In functions' names a namespace may follow after a dot. */
    private String pattern(Object shape) {
        String pattern = (String) Objects.requireNonNull(shape(shape).get("pattern"));
        return pattern.startsWith("(arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?")
                        && !pattern.contains("(function:)?([a-zA-Z0-9-_\\.]")
                ? pattern.replace("(function:)?([a-zA-Z0-9-_]", "(function:)?([a-zA-Z0-9-_\\.]")
                : pattern;
    }

    private List<?> values(Object shape) {
        return switch ((String) shape) {
            case "RecursiveLoop" -> List.of("Terminate", "Allow");
            case "EventSourcePosition" -> List.of("LATEST", "AT_TIMESTAMP", "TRIM_HORIZON");
            case "InvokeMode" -> List.of("RESPONSE_STREAM", "BUFFERED");
            default -> (List<?>) Objects.requireNonNull(shape(shape).get("enum"));
        };
    }
}
