package dev.kappa.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** While an upgrade rolls, two releases talk to each other: each reads what the other writes. */
class CompatibilityTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Every record of the package, those inside others too. */
    static List<Class<?>> types() throws IOException, URISyntaxException {
        Path classes = Path.of(
                Wire.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        try (Stream<Path> files = Files.list(classes.resolve("dev/kappa/wire"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".class") && !name.equals("package-info.class"))
                    .<Class<?>>map(name -> load("dev.kappa.wire." + name.substring(0, name.length() - 6)))
                    .filter(type -> type.isRecord() && isPartOfAMessage(type))
                    .toList();
        }
    }

    static List<Class<?>> messages() throws IOException, URISyntaxException {
        return types().stream().filter(type -> type.getEnclosingClass() == null).toList();
    }

    private static boolean isPartOfAMessage(Class<?> type) {
        return type.getEnclosingClass() == null || type.getEnclosingClass().isRecord();
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new AssertionError(name, e);
        }
    }

    private static JsonNode released(Class<?> message) throws IOException {
        String file = "/release-0.1.0/" + message.getSimpleName() + ".json";
        try (InputStream in = CompatibilityTest.class.getResourceAsStream(file)) {
            return JSON.readTree(Objects.requireNonNull(in, file + " shows what release 0.1.0 writes: add it"));
        }
    }

    @ParameterizedTest
    @MethodSource("messages")
    void readsWhatTheLastReleaseWrites(Class<?> message) throws Exception {
        JsonNode old = released(message);

        JsonNode read = JSON.valueToTree(JSON.treeToValue(old, message));

        assertContains(read, old);
    }

    /** What is new since the last release may be missing, what it knew may not change its name or its type. */
    private static void assertContains(JsonNode now, JsonNode old) {
        assertThat(now.getNodeType()).isEqualTo(old.getNodeType());
        if (old.isObject()) {
            old.properties().forEach(field -> {
                assertThat(now.has(field.getKey())).as(field.getKey()).isTrue();
                assertContains(now.get(field.getKey()), field.getValue());
            });
        } else if (old.isArray()) {
            assertThat(now).hasSameSizeAs(old);
            for (int i = 0; i < old.size(); i++) {
                assertContains(now.get(i), old.get(i));
            }
        } else {
            assertThat(now.asText()).isEqualTo(old.asText());
        }
    }

    @ParameterizedTest
    @MethodSource("messages")
    void readsWhatALaterReleaseAdds(Class<?> message) throws Exception {
        JsonNode old = released(message);
        JsonNode later = old.deepCopy();
        addFields(later);

        Object read = JSON.treeToValue(later, message);

        assertThat(read).isEqualTo(JSON.treeToValue(old, message));
    }

    private static void addFields(JsonNode node) {
        node.forEach(CompatibilityTest::addFields);
        if (node instanceof ObjectNode object && !isMapOfNumbers(object)) {
            object.put("addedNumber", 1).putObject("addedObject").put("inside", "x");
            object.putArray("addedList").add(2);
        }
    }

    private static boolean isMapOfNumbers(ObjectNode object) {
        return object.propertyStream().allMatch(field -> field.getKey().matches("\\d+"));
    }

    @ParameterizedTest
    @MethodSource("types")
    void readsAMessageWithoutAnyField(Class<?> type) {
        assertThatCode(() -> {
                    Object read = JSON.readValue("{\"added\":true}", type);
                    for (var component : type.getRecordComponents()) {
                        if (Iterable.class.isAssignableFrom(component.getType())) {
                            assertThat(component.getAccessor().invoke(read))
                                    .as(component.getName())
                                    .isNotNull();
                        }
                    }
                })
                .doesNotThrowAnyException();
    }
}
