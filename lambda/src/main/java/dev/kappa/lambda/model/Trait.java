package dev.kappa.lambda.model;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a shape asks of a value.
 *
 * @param sentence as the service words it
 * @param holds whether a value satisfies it
 */
record Trait(String sentence, Predicate<Object> holds) {
    private static final String NOT_NULL = "Member must not be null";

    /** All that a shape asks of a value itself, in the order in which the service tells them. */
    static List<Trait> of(Shape shape) {
        List<Trait> traits = new ArrayList<>();
        switch (shape) {
            case Shape.Text text -> addText(traits, text);
            case Shape.Numeric numeric ->
                addBounds(traits, numeric.range(), "value", numeric.type() == Shape.NumberType.DOUBLE, Trait::decimal);
            case Shape.Bytes bytes ->
                addBounds(traits, bytes.length(), "length", false, it -> count(((byte[]) it).length));
            case Shape.Elements elements -> {
                addBounds(traits, elements.length(), "length", false, it -> count(((List<?>) it).size()));
                addElements(traits, elements);
            }
            case Shape.Entries entries -> {
                addBounds(traits, entries.length(), "length", false, it -> count(((Map<?, ?>) it).size()));
                addParts(traits, "Map keys", entries.key(), it -> ((Map<?, ?>) it).keySet());
                addParts(traits, "Map value", entries.value(), it -> ((Map<?, ?>) it).values());
            }
            case Shape.Structure s -> {}
            case Shape.Flag f -> {}
            case Shape.Time t -> {}
        }
        return traits;
    }

    private static void addText(List<Trait> traits, Shape.Text text) {
        addBounds(traits, text.length(), "length", false, it -> count(((String) it).length()));
        TextPattern pattern = text.pattern();
        if (pattern != null) {
            traits.add(new Trait(
                    "Member must satisfy regular expression pattern: " + pattern, it -> pattern.matches((String) it)));
        }
        if (!text.values().isEmpty()) {
            traits.add(new Trait(
                    "Member must satisfy enum value set: " + text.values(),
                    it -> text.values().contains((String) it)));
        }
    }

    private interface Measure {
        BigDecimal of(Object value);
    }

    private static void addBounds(List<Trait> traits, Bounds bounds, String what, boolean isFraction, Measure measure) {
        if (bounds.max() != null) {
            traits.add(new Trait(
                    "Member must have " + what + " less than or equal to " + shown(bounds.max(), isFraction),
                    it -> !bounds.isAbove(measure.of(it))));
        }
        if (bounds.min() != null) {
            traits.add(new Trait(
                    "Member must have " + what + " greater than or equal to " + shown(bounds.min(), isFraction),
                    it -> !bounds.isBelow(measure.of(it))));
        }
    }

    private static String shown(BigDecimal number, boolean isFraction) {
        return isFraction ? String.valueOf(number.doubleValue()) : number.toString();
    }

    private static BigDecimal count(int count) {
        return BigDecimal.valueOf(count);
    }

    private static BigDecimal decimal(Object number) {
        return number instanceof Double fraction
                ? BigDecimal.valueOf(fraction)
                : BigDecimal.valueOf(((Number) number).longValue());
    }

    /** Elements that are structures are told of one by one. */
    private static void addElements(List<Trait> traits, Shape.Elements elements) {
        if (!(elements.element() instanceof Shape.Structure)) {
            addParts(traits, "Member", elements.element(), it -> (List<?>) it);
        }
    }

    private interface Parts {
        Iterable<? extends @Nullable Object> of(Object value);
    }

    private static void addParts(List<Trait> traits, String who, Shape shape, Parts parts) {
        List<Trait> asked = new ArrayList<>(of(shape));
        List<Trait> told = new ArrayList<>(asked);
        if (!Overrides.MAY_BE_NULL.contains(shape.name())) {
            told.add(new Trait(NOT_NULL, it -> true));
        }
        String sentences = told.stream().map(Trait::sentence).collect(Collectors.joining(", ", "[", "]"));
        traits.add(new Trait(who + " must satisfy constraint: " + sentences, value -> {
            for (Object part : parts.of(value)) {
                if (part == null || !asked.stream().allMatch(it -> it.holds().test(part))) {
                    return false;
                }
            }
            return true;
        }));
    }
}
