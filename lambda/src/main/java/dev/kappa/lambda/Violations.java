package dev.kappa.lambda;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Collects what a call violates of the API's model, and refuses it with all of that, worded as the service does. */
public final class Violations {
    private final List<String> texts = new ArrayList<>();

    /**
     * Adds a violation.
     *
     * @param value what was given, null if nothing was
     * @param field name of the parameter
     * @param constraint what it must satisfy
     */
    public void add(@Nullable String value, String field, String constraint) {
        texts.add(AwsError.violation(value, field, constraint));
    }

    /**
     * Adds a violation if a parameter is missing.
     *
     * @param value what was given
     * @param field name of the parameter
     */
    public void required(@Nullable String value, String field) {
        if (value == null) {
            add(null, field, "Member must not be null");
        }
    }

    /**
     * Adds a violation if a text is too long or too short.
     *
     * @param value what was given; null satisfies
     * @param field name of the parameter
     * @param min characters
     * @param max characters
     */
    public void length(@Nullable String value, String field, int min, int max) {
        if (value != null && value.length() > max) {
            add(value, field, "Member must have length less than or equal to " + max);
        } else if (value != null && value.length() < min) {
            add(value, field, "Member must have length greater than or equal to " + min);
        }
    }

    /**
     * Adds a violation if a number is too large or too small.
     *
     * @param value what was given
     * @param field name of the parameter
     * @param min the smallest that there is
     * @param max the largest that there is
     */
    public void range(int value, String field, int min, int max) {
        if (value > max) {
            add(String.valueOf(value), field, "Member must have value less than or equal to " + max);
        } else if (value < min) {
            add(String.valueOf(value), field, "Member must have value greater than or equal to " + min);
        }
    }

    /**
     * Adds a violation if a text does not match.
     *
     * @param value what was given; null satisfies
     * @param field name of the parameter
     * @param pattern for the whole text
     */
    public void pattern(@Nullable String value, String field, Pattern pattern) {
        if (value != null && !pattern.matcher(value).matches()) {
            add(value, field, "Member must satisfy regular expression pattern: " + pattern);
        }
    }

    /**
     * Adds a violation if a text is none of those that there are.
     *
     * @param value what was given; null satisfies
     * @param field name of the parameter
     * @param values in the order in which the error names them
     */
    public void oneOf(@Nullable String value, String field, List<String> values) {
        if (value != null && !values.contains(value)) {
            add(value, field, "Member must satisfy enum value set: " + values);
        }
    }

    /**
     * Ends the collection.
     *
     * @throws RefusedException 400 ValidationException if there is any
     */
    public void check() {
        if (!texts.isEmpty()) {
            throw new RefusedException(AwsError.validation(texts));
        }
    }
}
