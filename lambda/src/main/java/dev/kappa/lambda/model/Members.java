package dev.kappa.lambda.model;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a call gave of a structure. Asking for a member that the model does not have, or for another type, is a fault of whoever
 * asks, and an IllegalArgumentException.
 */
public final class Members {
    private final Shape.Structure shape;
    private final Map<String, Object> values;

    Members(Shape.Structure shape, Map<String, Object> values) {
        this.shape = shape;
        this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    Shape.Structure shape() {
        return shape;
    }

    /**
     * What was given.
     *
     * @return strings, integers, longs, doubles, booleans, bytes, instants, lists, maps and members, by the members' names
     */
    public Map<String, Object> values() {
        return values;
    }

    /**
     * The members that the model has.
     *
     * @return their names
     */
    public Set<String> names() {
        return shape.members().keySet();
    }

    /**
     * Whether the call gave a member.
     *
     * @param name of the member
     * @return false also for null
     */
    public boolean has(String name) {
        return get(name, Object.class) != null;
    }

    /**
     * A string that the model requires.
     *
     * @param name of the member
     * @return what was given
     */
    public String required(String name) {
        String text = text(name);
        if (text == null) {
            throw new IllegalArgumentException(shape.name() + " does not require " + name);
        }
        return text;
    }

    /**
     * A string.
     *
     * @param name of the member
     * @return null if it was not given
     */
    public @Nullable String text(String name) {
        return get(name, String.class);
    }

    /**
     * A whole number of 32 bits.
     *
     * @param name of the member
     * @return null if it was not given
     */
    public @Nullable Integer integer(String name) {
        return get(name, Integer.class);
    }

    /**
     * A whole number of 64 bits.
     *
     * @param name of the member
     * @return null if it was not given
     */
    public @Nullable Long whole(String name) {
        return get(name, Long.class);
    }

    /**
     * True or false.
     *
     * @param name of the member
     * @return null if it was not given
     */
    public @Nullable Boolean flag(String name) {
        return get(name, Boolean.class);
    }

    /**
     * Bytes.
     *
     * @param name of the member
     * @return null if they were not given
     */
    public byte @Nullable [] bytes(String name) {
        return get(name, byte[].class);
    }

    /**
     * A moment.
     *
     * @param name of the member
     * @return null if it was not given
     */
    public @Nullable Instant time(String name) {
        return get(name, Instant.class);
    }

    /**
     * A structure.
     *
     * @param name of the member
     * @return null if it was not given
     */
    public @Nullable Members structure(String name) {
        return get(name, Members.class);
    }

    /**
     * A list.
     *
     * @param <T> type of the elements
     * @param name of the member
     * @param type of the elements
     * @return null if it was not given
     */
    public <T> @Nullable List<T> list(String name, Class<T> type) {
        List<?> list = get(name, List.class);
        return list == null ? null : list.stream().map(type::cast).toList();
    }

    /**
     * A map.
     *
     * @param <T> type of the values
     * @param name of the member
     * @param type of the values
     * @return null if it was not given, else in the order of the call
     */
    public <T> @Nullable Map<String, T> map(String name, Class<T> type) {
        Map<?, ?> map = get(name, Map.class);
        if (map == null) {
            return null;
        }
        Map<String, T> result = new LinkedHashMap<>();
        map.forEach((key, value) -> result.put((String) key, type.cast(value)));
        return result;
    }

    private <T> @Nullable T get(String name, Class<T> type) {
        if (!shape.members().containsKey(name)) {
            throw new IllegalArgumentException(shape.name() + " has no member " + name);
        }
        Object value = values.get(name);
        if (value != null && !type.isInstance(value)) {
            throw new IllegalArgumentException(name + " of " + shape.name() + " is a "
                    + value.getClass().getSimpleName() + ", not a " + type.getSimpleName());
        }
        return type.cast(value);
    }

    /** As errors show it. */
    @Override
    public String toString() {
        return shape.name() + values;
    }
}
