package dev.kappa.lambda.model;

import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.RefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects what a request violates of the model. */
final class Constraints {
    private final List<String> violations = new ArrayList<>();

    private Constraints() {}

    /**
     * Refuses what violates the model.
     *
     * @throws RefusedException 400 ValidationException that names all of it
     */
    static void check(Members input) {
        Constraints constraints = new Constraints();
        constraints.collect(input, "");
        if (!constraints.violations.isEmpty()) {
            throw new RefusedException(AwsError.validation(constraints.violations));
        }
    }

    private void collect(Members members, String prefix) {
        for (Member member : members.shape().members().values()) {
            String path = prefix + member.shown();
            Object value = members.values().get(member.name());
            if (value != null) {
                collect(member.shape(), value, path);
            } else if (member.required()) {
                violations.add(AwsError.violation(null, path, "Member must not be null"));
            }
        }
    }

    private void collect(Shape shape, Object value, String path) {
        for (Trait trait : Trait.of(shape)) {
            if (!trait.holds().test(value)) {
                violations.add(violation(shape, value, path, trait.sentence()));
            }
        }
        if (value instanceof Members structure) {
            collect(structure, path + ".");
        } else if (shape instanceof Shape.Elements elements && elements.element() instanceof Shape.Structure) {
            collect((List<?>) value, path);
        }
    }

    private void collect(List<?> structures, String path) {
        for (int i = 0; i < structures.size(); i++) {
            String place = path + "." + (i + 1) + ".member";
            Object structure = structures.get(i);
            if (structure == null) {
                violations.add(AwsError.violation(null, place, "Member must not be null"));
            } else {
                collect((Members) structure, place + ".");
            }
        }
    }

    private static String violation(Shape shape, Object value, String path, String sentence) {
        String shown = shown(shape, value);
        return shown == null
                ? "Value at '" + path + "' failed to satisfy constraint: " + sentence
                : AwsError.violation(shown, path, sentence);
    }

    /** Null for what errors keep to themselves. */
    private static @Nullable String shown(Shape shape, Object value) {
        return switch (shape) {
            case Shape.Text text -> text.sensitive() ? null : (String) value;
            case Shape.Elements elements ->
                elements.element() instanceof Shape.Text text && !text.sensitive() ? value.toString() : null;
            case Shape.Entries entries -> entries.sensitive() ? null : ((Map<?, ?>) value).toString();
            case Shape.Bytes bytes -> null;
            default -> value.toString();
        };
    }
}
