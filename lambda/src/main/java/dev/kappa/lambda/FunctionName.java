package dev.kappa.lambda;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A function as a caller wrote it: {@code hello}, {@code hello.media}, a partial ARN or an ARN, each with or without a
 * qualifier.
 *
 * @param account the 12 digits of an ARN, null for a plain name
 * @param name name, perhaps followed by a dot and the namespace
 * @param qualifier {@code $LATEST}, a number or an alias; null if none was written
 */
public record FunctionName(
        @Nullable String account, String name, @Nullable String qualifier) {
    /** The constraint as the service words it in a ValidationException. */
    public static final String CONSTRAINT =
            "(arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}(-gov)?-[a-z]+-\\d{1}:)?(\\d{12}:)?"
                    + "(function:)?([a-zA-Z0-9-_\\.]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?";

    private static final Pattern PATTERN =
            Pattern.compile("(?:arn:(?:aws[a-zA-Z-]*)?:lambda:[a-z0-9-]+:|(?:[a-z]{2}(?:-gov)?-[a-z]+-\\d:)?)"
                    + "(?:(?<account>\\d{12}):)?(?:function:)?(?<name>[a-zA-Z0-9_.-]+)"
                    + "(?::(?<qualifier>\\$LATEST|[a-zA-Z0-9_-]+))?");

    /**
     * Reads what stands in the path of a call.
     *
     * @param text decoded path segment
     * @return the name, empty if it does not satisfy {@link #CONSTRAINT}
     */
    public static Optional<FunctionName> parse(String text) {
        Matcher matcher = PATTERN.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        return Optional.of(
                new FunctionName(matcher.group("account"), matcher.group("name"), matcher.group("qualifier")));
    }
}
