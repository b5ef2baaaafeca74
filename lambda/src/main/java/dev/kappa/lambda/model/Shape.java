package dev.kappa.lambda.model;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The type of a member, with the constraints that the model puts on it. */
public sealed interface Shape {
    /**
     * The model's name of it.
     *
     * @return such as {@code FunctionName}
     */
    String name();

    /**
     * Named members.
     *
     * @param name of the shape
     * @param members by their names, in the model's order
     * @param payload name of the member that is the whole body, null if the body has a field for each
     */
    record Structure(
            String name,
            Map<String, Member> members,
            @Nullable String payload) implements Shape {}

    /**
     * Elements of one shape.
     *
     * @param name of the shape
     * @param element shape of each
     * @param length how many there may be
     */
    record Elements(String name, Shape element, Bounds length) implements Shape {}

    /**
     * Values by keys that the caller chooses.
     *
     * @param name of the shape
     * @param key shape of each key
     * @param value shape of each value
     * @param length how many there may be
     * @param sensitive whether errors keep them to themselves
     */
    record Entries(String name, Shape key, Shape value, Bounds length, boolean sensitive) implements Shape {}

    /**
     * A string.
     *
     * @param name of the shape
     * @param length how many characters there may be
     * @param pattern what all of it matches, null for anything
     * @param values all that there are, empty for anything
     * @param sensitive whether errors keep it to themselves
     */
    record Text(String name, Bounds length, @Nullable TextPattern pattern, List<String> values, boolean sensitive)
            implements Shape {}

    /**
     * A number.
     *
     * @param name of the shape
     * @param type which numbers there are
     * @param range how small and large it may be
     */
    record Numeric(String name, NumberType type, Bounds range) implements Shape {}

    /** Which numbers there are. */
    enum NumberType {
        /** 32 bits. */
        INTEGER,
        /** 64 bits. */
        LONG,
        /** With a fraction. */
        DOUBLE
    }

    /**
     * True or false.
     *
     * @param name of the shape
     */
    record Flag(String name) implements Shape {}

    /**
     * Bytes, in JSON as base64.
     *
     * @param name of the shape
     * @param length how many there may be
     */
    record Bytes(String name, Bounds length) implements Shape {}

    /**
     * A moment, in JSON as seconds since 1970.
     *
     * @param name of the shape
     */
    record Time(String name) implements Shape {}
}
