package dev.kappa.http;

import dev.kappa.lambda.AwsError;
import java.util.function.Supplier;

/**
 * How large the body of a call may be.
 *
 * @param bytes at most; −1 if the route reads the body itself
 * @param tooLarge makes the error for more
 */
public record BodyLimit(int bytes, Supplier<AwsError> tooLarge) {
    /** Of a route that reads the body itself. */
    public static final BodyLimit OF_THE_ROUTE = new BodyLimit(-1, () -> AwsError.tooLarge(0));

    boolean isOfTheRoute() {
        return bytes < 0;
    }
}
