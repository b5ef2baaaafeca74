package dev.kappa.lambda.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.RefusedException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Takes every member of every operation's input through all that it can violate, with all else as it should be. */
@Timeout(120)
class EveryMemberTest {
    private static final RawModel RAW = new RawModel();
    private static final String NULL = "Member must not be null";
    private static final String NO_LIST = "Start of list found where not expected.";
    private static final String NO_OBJECT = "Start of structure or map found where not expected.";

    private final LambdaModel model = LambdaModel.get();
    private final List<String> differences = new ArrayList<>();
    private String operation = "";
    private int cases;

    /** Makes the whole input of one value within it. */
    private interface Around extends Function<Object, Map<String, Object>> {}

    @Test
    void takesWhatSatisfiesTheModel() {
        RAW.operations().keySet().forEach(name -> {
            operation = name;
            Map<String, Object> input = RAW.validStructure(RAW.input(name));
            expect("nothing", input, "none", "");
            RawCall call = RawCall.of(RAW, name, input);
            assertThat(model.route(call.head()).map(Operation::name)).hasValue(name);
        });
        assertThat(differences).isEmpty();
        assertThat(cases).isEqualTo(91);
    }

    @Test
    void refusesWhatViolatesItInTheWordsOfTheService() {
        RAW.operations().keySet().forEach(name -> {
            operation = name;
            structure(RAW.input(name), "", EveryMemberTest::cast);
        });
        assertThat(differences).isEmpty();
        assertThat(cases).isGreaterThan(3000);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> cast(Object map) {
        return (Map<String, Object>) map;
    }

    private void structure(Object shape, String prefix, Around around) {
        RAW.members(shape).forEach((name, raw) -> {
            Map<?, ?> member = (Map<?, ?>) raw;
            String path = prefix + Character.toLowerCase(((String) name).charAt(0)) + ((String) name).substring(1);
            boolean isLabel = "uri".equals(member.get("location"));
            Function<Object, Map<String, Object>> with = value -> {
                Map<String, Object> values = new LinkedHashMap<>(RAW.validStructure(shape));
                values.put((String) name, value);
                return values;
            };
            if (RAW.required(shape).contains(name) && !isLabel) {
                Map<String, Object> without = new LinkedHashMap<>(RAW.validStructure(shape));
                without.remove(name);
                violates("missing", around.apply(without), path, "null", List.of(NULL));
            }
            Around aroundMember = value -> around.apply(with.apply(value));
            value(member, RawModel.get(member, "shape"), path, aroundMember);
        });
    }

    private void value(Map<?, ?> member, Object shape, String path, Around around) {
        boolean inBody = member.get("location") == null;
        boolean isPayload = RAW.shape(RAW.input(operation)).get("payload") != null;
        switch (RAW.type(shape)) {
            case "structure" -> {
                structure(shape, path + ".", around);
                if (!isPayload) {
                    wrongType(around, List.of(Map.entry("x", "Expected null"), Map.entry(List.of(), NO_LIST)));
                }
            }
            case "list" -> list(member, shape, path, around);
            case "map" -> map(shape, path, around);
            case "string" -> {
                text(member, shape, path, around);
                if (inBody) {
                    wrongType(around, scalars("a String", true, false));
                }
            }
            case "boolean" -> wrongType(around, inBody ? scalars("a Boolean", true, true) : queried("a Boolean"));
            case "timestamp" ->
                wrongType(around, inBody ? scalars("a Timestamp", false, true) : queried("a Timestamp"));
            case "blob" -> {
                if (inBody && !isPayload) {
                    wrongType(around, scalars("a Blob", true, false));
                }
            }
            default -> number(shape, path, around, inBody);
        }
    }

    private void text(Map<?, ?> member, Object shape, String path, Around around) {
        if (isRuntimeOfAFunction(path)) {
            return;
        }
        for (String text : RAW.invalidTexts(shape)) {
            if (!text.isEmpty() || !"uri".equals(member.get("location"))) {
                violates(
                        "text",
                        around.apply(text),
                        path,
                        RAW.shape(shape).containsKey("sensitive") ? "" : "'" + text + "'",
                        RAW.violated(shape, text));
            }
        }
    }

    private boolean isRuntimeOfAFunction(String path) {
        return path.equals("runtime") && (operation.equals("CreateFunction") || operation.startsWith("UpdateFunction"));
    }

    private void number(Object shape, String path, Around around, boolean inBody) {
        Map<?, ?> it = RAW.shape(shape);
        boolean isDouble = RAW.type(shape).equals("double");
        if (it.get("max") instanceof Number max) {
            Object above = isDouble ? (Object) (max.doubleValue() + 0.5) : max.longValue() + 1;
            String bound = isDouble ? String.valueOf(max.doubleValue()) : max.toString();
            violates(
                    "large",
                    around.apply(above),
                    path,
                    "'" + above + "'",
                    List.of("Member must have value less than or equal to " + bound));
        }
        if (it.get("min") instanceof Number min) {
            Object below = isDouble ? (Object) (min.doubleValue() - 0.5) : min.longValue() - 1;
            String bound = isDouble ? String.valueOf(min.doubleValue()) : min.toString();
            violates(
                    "small",
                    around.apply(below),
                    path,
                    "'" + below + "'",
                    List.of("Member must have value greater than or equal to " + bound));
        }
        String type = switch (RAW.type(shape)) {
            case "integer" -> "an Integer";
            case "long" -> "a Long";
            default -> "a Double";
        };
        wrongType(around, inBody ? scalars(type, false, true) : queried(type));
    }

    private void list(Map<?, ?> member, Object shape, String path, Around around) {
        Map<?, ?> it = RAW.shape(shape);
        Object element = RAW.part(shape, "member");
        boolean isText = RAW.type(element).equals("string");
        boolean isStructure = RAW.type(element).equals("structure");
        boolean sensitive = RAW.shape(element).containsKey("sensitive");
        Function<List<?>, String> shown = list -> isText && !sensitive ? "'" + list + "'" : "";
        if (it.get("max") instanceof Integer max) {
            List<?> many = Collections.nCopies(max + 1, RAW.valid(element));
            violates(
                    "many",
                    around.apply(many),
                    path,
                    shown.apply(many),
                    List.of("Member must have length less than or equal to " + max));
        }
        boolean inBody = member.get("location") == null;
        if (it.get("min") instanceof Integer min && min > 0 && inBody) {
            violates(
                    "few",
                    around.apply(List.of()),
                    path,
                    shown.apply(List.of()),
                    List.of("Member must have length greater than or equal to " + min));
        }
        if (isStructure) {
            structure(element, path + ".1.member.", value -> around.apply(filled(it, value, element)));
        } else if (isText) {
            for (String text : RAW.invalidTexts(element)) {
                List<?> list = filled(it, text, element);
                violates(
                        "element",
                        around.apply(list),
                        path,
                        shown.apply(list),
                        List.of("Member must satisfy constraint: " + RAW.ofPart(element)));
            }
        }
        if (inBody) {
            wrongType(around, List.of(Map.entry("x", "Expected list or null"), Map.entry(Map.of(), NO_OBJECT)));
        }
    }

    private static List<?> filled(Map<?, ?> list, Object first, Object element) {
        List<Object> filled = new ArrayList<>(List.of(first));
        while (filled.size() < RawModel.number(list.get("min"), 0)) {
            filled.add(RAW.valid(element));
        }
        return filled;
    }

    private void map(Object shape, String path, Around around) {
        Object key = RAW.part(shape, "key");
        Object value = RAW.part(shape, "value");
        boolean sensitive = RAW.shape(shape).containsKey("sensitive");
        Function<Map<?, ?>, String> shown = map -> sensitive ? "" : "'" + map + "'";
        for (String text : RAW.invalidTexts(key)) {
            Map<?, ?> map = Map.of(text, RAW.valid(value));
            violates(
                    "key",
                    around.apply(map),
                    path,
                    shown.apply(map),
                    List.of("Map keys must satisfy constraint: " + RAW.ofPart(key)));
        }
        List<?> bad = switch (RAW.type(value)) {
            case "string" -> RAW.invalidTexts(value);
            case "list" -> List.of(List.of());
            default -> List.of(1.5, -0.5);
        };
        for (Object one : bad) {
            Map<?, ?> map = Map.of(RAW.valid(key), one);
            violates(
                    "value",
                    around.apply(map),
                    path,
                    shown.apply(map),
                    List.of("Map value must satisfy constraint: " + RAW.ofPart(value)));
        }
        wrongType(around, List.of(Map.entry("x", "Expected map or null"), Map.entry(List.of(), NO_LIST)));
    }

    private static List<Map.Entry<?, String>> scalars(String type, boolean number, boolean text) {
        List<Map.Entry<?, String>> wrong = new ArrayList<>();
        wrong.add(Map.entry(List.of(), NO_LIST));
        wrong.add(Map.entry(Map.of(), NO_OBJECT));
        if (number) {
            wrong.add(Map.entry(1, "NUMBER_VALUE can not be converted to " + type));
        }
        if (text) {
            wrong.add(Map.entry("x", "STRING_VALUE can not be converted to " + type));
        }
        if (!type.equals("a Boolean")) {
            wrong.add(Map.entry(true, "TRUE_VALUE can not be converted to " + type));
            wrong.add(Map.entry(false, "FALSE_VALUE can not be converted to " + type));
        }
        return wrong;
    }

    private static List<Map.Entry<?, String>> queried(String type) {
        return List.of(Map.entry("x", "STRING_VALUE can not be converted to " + type));
    }

    private void wrongType(Around around, List<? extends Map.Entry<?, String>> wrong) {
        wrong.forEach(it -> expect("type", around.apply(it.getKey()), "SerializationException", it.getValue()));
    }

    private void violates(String what, Map<String, Object> input, String path, String shown, List<String> constraints) {
        List<String> texts = constraints.stream()
                .map(it -> "Value" + (shown.isEmpty() ? "" : " " + shown) + " at '" + path
                        + "' failed to satisfy constraint: " + it)
                .toList();
        String count = texts.size() + " validation error" + (texts.size() == 1 ? "" : "s") + " detected: ";
        expect(what, input, "ValidationException", count + String.join("; ", texts));
    }

    private void expect(String what, Map<String, Object> input, String type, String message) {
        cases++;
        RawCall call = RawCall.of(RAW, operation, input);
        String answered = "none: ";
        try {
            model.input(model.operation(operation), call.head(), call.body());
        } catch (RefusedException e) {
            AwsError error = e.error();
            answered = error.type() + ": " + String.join("", error.body().values())
                    + (error.status() == 400 ? "" : error.status());
        }
        if (!answered.equals(type + ": " + message)) {
            differences.add(
                    operation + ", " + what + ":\n  wanted " + type + ": " + message + "\n  got    " + answered);
        }
    }
}
