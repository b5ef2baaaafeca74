package dev.kappa.lambda.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Reads each operation's request, with every member that there is, as botocore's own serializer wrote it. */
@Timeout(60)
class BotocoreRequestsTest {
    private static final String TEXT = "s é/+&=%?:x";

    private final LambdaModel model = LambdaModel.get();

    private static List<String> requests() throws Exception {
        try (InputStream file = BotocoreRequestsTest.class.getResourceAsStream("requests.jsonl")) {
            String all = new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
            return all.lines().toList();
        }
    }

    @Test
    void readsWhatBotocoreWrote() throws Exception {
        List<String> names = new ArrayList<>();
        for (String line : requests()) {
            Map<?, ?> request = (Map<?, ?>) Objects.requireNonNull(Json.read(line.getBytes(StandardCharsets.UTF_8)));
            String name = (String) RawModel.get(request, "operation");
            CallHead head = head(request);
            byte[] body = ((String) RawModel.get(request, "body")).getBytes(StandardCharsets.UTF_8);

            Operation operation = model.route(head).orElseThrow();
            Members input = InputReader.read(operation, head, body);

            assertThat(operation.name()).isEqualTo(name);
            assertThat(plain(input)).as(name).isEqualTo(expected(operation.input()));
            names.add(name);
        }
        assertThat(names)
                .hasSameElementsAs(
                        model.operations().stream().map(Operation::name).toList());
    }

    private static CallHead head(Map<?, ?> request) {
        String[] target = ((String) RawModel.get(request, "target")).split("\\?", 2);
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        RawModel.map(request, "headers").forEach((name, value) -> headers.put((String) name, (String) value));
        return new CallHead(
                (String) RawModel.get(request, "method"),
                target[0],
                target.length > 1 ? target[1] : null,
                headers::get);
    }

    private static Object expected(Shape shape) {
        return switch (shape) {
            case Shape.Structure structure -> {
                Map<String, Object> members = new LinkedHashMap<>();
                structure.members().forEach((name, member) -> members.put(name, expected(member.shape())));
                yield members;
            }
            case Shape.Elements list -> List.of(expected(list.element()), expected(list.element()));
            case Shape.Entries map -> Map.of(TEXT, expected(map.value()));
            case Shape.Text text -> TEXT;
            case Shape.Flag flag -> true;
            case Shape.Time time -> Instant.parse("2023-11-14T22:13:20.123Z");
            case Shape.Bytes bytes -> List.of((byte) 0, (byte) 1, (byte) 'b');
            case Shape.Numeric numeric ->
                switch (numeric.type()) {
                    case INTEGER -> 7;
                    case LONG -> 7_000_000_000L;
                    case DOUBLE -> 0.25;
                };
        };
    }

    private static @Nullable Object plain(@Nullable Object value) {
        return switch (value) {
            case Members members -> plain(members.values());
            case List<?> list -> list.stream().map(BotocoreRequestsTest::plain).toList();
            case Map<?, ?> map -> {
                Map<Object, @Nullable Object> plain = new LinkedHashMap<>();
                map.forEach((name, it) -> plain.put(name, plain(it)));
                yield plain;
            }
            case byte[] bytes -> {
                List<Byte> list = new ArrayList<>();
                for (byte one : bytes) {
                    list.add(one);
                }
                yield list;
            }
            case null -> null;
            default -> value;
        };
    }
}
