package dev.kappa.lambda;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How calls name a function and its version: a path segment and the query's {@code Qualifier}. */
public final class FunctionParameters {
    private static final Pattern QUALIFIER = Pattern.compile("(|[a-zA-Z0-9$_-]+)");

    private FunctionParameters() {}

    /**
     * Reads a function's name.
     *
     * @param segment path segment, still encoded
     * @param maxLength characters that the call's model allows
     * @param violations gets what is wrong with it
     * @return the name; empty if it violates a constraint
     */
    public static Optional<FunctionName> name(String segment, int maxLength, Violations violations) {
        String written = decode(segment);
        Optional<FunctionName> name = FunctionName.parse(written);
        if (written.length() > maxLength) {
            violations.length(written, "functionName", 1, maxLength);
        } else if (name.isEmpty()) {
            violations.add(
                    written,
                    "functionName",
                    "Member must satisfy regular expression pattern: " + FunctionName.CONSTRAINT);
        }
        return name;
    }

    /**
     * Checks the query's qualifier.
     *
     * @param queried what stands there, null if nothing does
     * @param violations gets what is wrong with it
     */
    public static void checkQualifier(@Nullable String queried, Violations violations) {
        violations.length(queried, "qualifier", 0, Quotas.QUALIFIER_LENGTH);
        violations.pattern(queried, "qualifier", QUALIFIER);
    }

    /**
     * The qualifier that applies.
     *
     * @param name perhaps with a qualifier
     * @param queried the query's, null if there is none
     * @return empty for {@code $LATEST}
     * @throws RefusedException if the two contradict each other
     */
    public static Optional<String> qualifier(FunctionName name, @Nullable String queried) {
        if (queried == null || queried.isEmpty()) {
            return Optional.ofNullable(name.qualifier());
        }
        if (name.qualifier() != null && !name.qualifier().equals(queried)) {
            throw new RefusedException(AwsError.invalidParameter(
                    "The derived qualifier from the function name does not match the specified qualifier."));
        }
        return Optional.of(queried);
    }

    /**
     * Decodes a path segment.
     *
     * @param segment with percent escapes; a plus sign stands for itself
     * @return the text, the segment itself if it is malformed
     */
    public static String decode(String segment) {
        if (segment.indexOf('%') < 0) {
            return segment;
        }
        try {
            return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return segment;
        }
    }
}
