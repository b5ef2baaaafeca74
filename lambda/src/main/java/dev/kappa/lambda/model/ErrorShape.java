package dev.kappa.lambda.model;

import dev.kappa.lambda.AwsError;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An error of the model.
 *
 * @param name such as {@code ResourceConflictException}
 * @param status HTTP status
 * @param messageField the field of the body that tells what happened, {@code message} or {@code Message}
 */
public record ErrorShape(String name, int status, String messageField) {
    private static final int SERVER = 500;

    /**
     * The error.
     *
     * @param message what happened, and what to do
     * @return with the body that the model gives it
     */
    public AwsError of(String message) {
        Map<String, String> body = new LinkedHashMap<>();
        body.put("Type", status < SERVER ? "User" : "Service");
        body.put(messageField, message);
        return new AwsError(status, name, body, null);
    }
}
