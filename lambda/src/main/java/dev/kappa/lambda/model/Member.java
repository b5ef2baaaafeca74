package dev.kappa.lambda.model;

import java.util.Locale;

/**
 * A member of a structure.
 *
 * @param name such as {@code FunctionName}
 * @param shape its type
 * @param required whether a request must have it
 * @param location where a request or an answer has it
 * @param wireName what it is called there
 */
public record Member(String name, Shape shape, boolean required, Location location, String wireName) {
    /** Where a request or an answer has a member. */
    public enum Location {
        /** A field of the body, or all of it. */
        BODY,
        /** A segment of the path. */
        URI,
        /** A parameter of the query. */
        QUERY,
        /** A header. */
        HEADER,
        /** The status of an answer. */
        STATUS
    }

    /** As errors write it. */
    String shown() {
        return name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
    }
}
