package dev.kappa.lambda;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An error in the form of botocore's Lambda model: the header {@code x-amzn-ErrorType} and a JSON body whose field names
 * depend on the shape.
 *
 * @param status HTTP status
 * @param type name of the shape
 * @param body the fields of the JSON body, in their order
 * @param retryAfterSeconds value of {@code Retry-After}, null for none
 */
public record AwsError(
        int status,
        String type,
        Map<String, String> body,
        @Nullable Integer retryAfterSeconds) {
    /** Keeps the fields as they are. */
    public AwsError {
        body = Collections.unmodifiableMap(new LinkedHashMap<>(body));
    }

    /**
     * The function, version or alias does not exist.
     *
     * @param arn what was asked for
     * @return 404
     */
    public static AwsError functionNotFound(String arn) {
        return notFound("Function not found: " + arn);
    }

    /**
     * Something does not exist.
     *
     * @param message what
     * @return 404
     */
    public static AwsError notFound(String message) {
        return capital(404, "ResourceNotFoundException", "User", message);
    }

    /**
     * A version or alias has no provisioned concurrency.
     *
     * @return 404
     */
    public static AwsError noProvisionedConcurrency() {
        return lower(
                404,
                "ProvisionedConcurrencyConfigNotFoundException",
                "No Provisioned Concurrency Config found for this function");
    }

    /**
     * The resource is there already, is in use, or changes at this moment.
     *
     * @param message which, why, and what to do
     * @return 409
     */
    public static AwsError conflict(String message) {
        return lower(409, "ResourceConflictException", message);
    }

    /**
     * The resource changed since the caller read it.
     *
     * @return 412
     */
    public static AwsError staleRevision() {
        return lower(
                412,
                "PreconditionFailedException",
                "The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to"
                        + " retrieve the latest Revision Id");
    }

    /**
     * The policy changed since the caller read it.
     *
     * @return 412
     */
    public static AwsError stalePolicy() {
        return stale("GetPolicy");
    }

    /**
     * The policy of a layer's version changed since the caller read it.
     *
     * @return 412
     */
    public static AwsError staleLayerPolicy() {
        return stale("GetLayerPolicy");
    }

    private static AwsError stale(String reader) {
        return lower(
                412,
                "PreconditionFailedException",
                "The Revision Id provided does not match the latest Revision Id. Call the " + reader
                        + " API to retrieve the latest Revision Id");
    }

    /**
     * A parameter has the wrong JSON type.
     *
     * @param message which, and what it must be
     * @return 400
     */
    public static AwsError serialization(String message) {
        return new AwsError(400, "SerializationException", fields("Message", message), null);
    }

    /**
     * Nothing is served under a path.
     *
     * @param message which
     * @return 404
     */
    public static AwsError unknownOperation(String message) {
        return lower(404, "UnknownOperationException", message);
    }

    /**
     * Parameters violate constraints of the API's model.
     *
     * @param violations one text each, as {@link #violation} words them
     * @return 400
     */
    public static AwsError validation(List<String> violations) {
        String message = violations.size() + " validation error" + (violations.size() == 1 ? "" : "s") + " detected: "
                + String.join("; ", violations);
        return new AwsError(400, "ValidationException", fields("message", message), null);
    }

    /**
     * One violation as the service words it.
     *
     * @param value what was given, null if nothing was
     * @param field name of the parameter
     * @param constraint what it must satisfy
     * @return a sentence without its dot
     */
    public static String violation(@Nullable String value, String field, String constraint) {
        String given = value == null ? "null" : "'" + value + "'";
        return "Value " + given + " at '" + field + "' failed to satisfy constraint: " + constraint;
    }

    /**
     * A parameter is well-formed and wrong.
     *
     * @param message why, and what to do
     * @return 400
     */
    public static AwsError invalidParameter(String message) {
        return lower(400, "InvalidParameterValueException", message);
    }

    /**
     * A chain of events comes through the same function again and again.
     *
     * @param runs how often it did
     * @return 400
     */
    public static AwsError recursiveInvocation(int runs) {
        return capital(
                400,
                "RecursiveInvocationException",
                "User",
                "The function is part of a recursive loop: a chain of events came through it " + runs
                        + " times, and is ended here. Have the function call others only while there is something left to"
                        + " do, or leave out the header X-Amzn-Trace-Id where that is meant.");
    }

    /**
     * The body is not JSON.
     *
     * @param cause what the parser says
     * @return 400
     */
    public static AwsError notJson(String cause) {
        return lower(
                400,
                "InvalidRequestContentException",
                "Could not parse request body into json: Could not parse payload into json: " + cause);
    }

    /**
     * The request cannot be read.
     *
     * @param message why
     * @return 400
     */
    public static AwsError invalidContent(String message) {
        return lower(400, "InvalidRequestContentException", message);
    }

    /**
     * The payload exceeds the limit.
     *
     * @param limit bytes that it may have
     * @return 413
     */
    public static AwsError tooLarge(int limit) {
        return tooLarge(limit, "InvokeFunction");
    }

    /**
     * The body exceeds the limit of a call.
     *
     * @param limit bytes that it may have
     * @param operation name of the call
     * @return 413
     */
    public static AwsError tooLarge(int limit, String operation) {
        return lower(
                413,
                "RequestTooLargeException",
                "Request must be smaller than " + limit + " bytes for the " + operation + " operation");
    }

    /**
     * A call that carries a zip file exceeds the limit.
     *
     * @param limit bytes that it may have
     * @param operation name of the call
     * @param instead what to do
     * @return 413
     */
    public static AwsError zipTooLarge(int limit, String operation, String instead) {
        String message =
                "Request must be smaller than " + limit + " bytes for the " + operation + " operation. " + instead;
        return new AwsError(413, "RequestEntityTooLargeException", fields("message", message), null);
    }

    /**
     * A limit of concurrency was reached.
     *
     * @param reason which
     * @return 429
     */
    public static AwsError throttled(ThrottleReason reason) {
        Map<String, String> body = fields("Reason", reason.code(), "Type", "User", "message", "Rate Exceeded.");
        return new AwsError(429, "TooManyRequestsException", body, 1);
    }

    /**
     * The request shows neither a signature nor a token.
     *
     * @return 403
     */
    public static AwsError missingAuthentication() {
        return plain("MissingAuthenticationTokenException", "Missing Authentication Token");
    }

    /**
     * A signature lacks a part, or one is malformed.
     *
     * @param message which
     * @return 403
     */
    public static AwsError incompleteSignature(String message) {
        return plain("IncompleteSignatureException", message);
    }

    /**
     * A signature does not hold, at this time or for this request.
     *
     * @param message why
     * @return 403
     */
    public static AwsError invalidSignature(String message) {
        return plain("InvalidSignatureException", message);
    }

    /**
     * Nobody is known by an access key or a token.
     *
     * @return 403
     */
    public static AwsError unrecognizedClient() {
        return plain("UnrecognizedClientException", "The security token included in the request is invalid.");
    }

    /**
     * A token has expired.
     *
     * @return 403
     */
    public static AwsError expiredToken() {
        return plain("ExpiredTokenException", "The security token included in the request is expired");
    }

    private static AwsError plain(String type, String message) {
        return new AwsError(403, type, fields("message", message), null);
    }

    /**
     * The caller may not do it.
     *
     * @param message who may not do what
     * @return 403
     */
    public static AwsError accessDenied(String message) {
        return capital(403, "AccessDeniedException", "User", message);
    }

    /**
     * The platform failed or cannot do it.
     *
     * @param status 5xx
     * @param message what failed, why, and what to do
     * @return the error
     */
    public static AwsError service(int status, String message) {
        return capital(status, "ServiceException", "Service", message);
    }

    /**
     * A URL does not answer, as function URLs say it; there may be none.
     *
     * @param message why, without telling whether there is one
     * @return 403
     */
    public static AwsError forbidden(String message) {
        return new AwsError(403, "AccessDeniedException", fields("Message", message), null);
    }

    private static AwsError capital(int status, String type, String who, String message) {
        return new AwsError(status, type, fields("Type", who, "Message", message), null);
    }

    private static AwsError lower(int status, String type, String message) {
        return new AwsError(status, type, fields("Type", "User", "message", message), null);
    }

    private static Map<String, String> fields(String... namesAndValues) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return fields;
    }
}
