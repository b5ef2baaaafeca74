package dev.kappa.gateway.invoke;

import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.FunctionName;
import dev.kappa.lambda.FunctionParameters;
import dev.kappa.lambda.Quotas;
import dev.kappa.lambda.RefusedException;
import dev.kappa.lambda.Violations;
import io.vertx.core.http.HttpServerRequest;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of an Invoke call, checked against the service's model.
 *
 * @param name the function as it was written
 * @param qualifier that of the name or of the query
 * @param type how it is to run
 * @param tail whether the end of the log is wanted
 * @param clientContext base64 as it came, or null
 */
record InvokeRequest(
        FunctionName name,
        Optional<String> qualifier,
        Type type,
        boolean tail,
        @Nullable String clientContext) {
    /** Values of {@code X-Amz-Invocation-Type}. */
    enum Type {
        REQUEST_RESPONSE,
        EVENT,
        DRY_RUN
    }

    private static final int CONTEXT_LIMIT = 3583;

    /**
     * Reads path, query and headers.
     *
     * @param segment the path segment of the function, still encoded
     * @throws RefusedException for a violated constraint
     */
    static InvokeRequest of(HttpServerRequest request, String segment) {
        Violations violations = new Violations();
        Optional<FunctionName> name = FunctionParameters.name(segment, Quotas.FUNCTION_NAME_LENGTH, violations);
        String queried = request.getParam("Qualifier");
        FunctionParameters.checkQualifier(queried, violations);
        String logType = request.getHeader("X-Amz-Log-Type");
        violations.oneOf(logType, "logType", List.of("None", "Tail"));
        String type = request.getHeader("X-Amz-Invocation-Type");
        violations.oneOf(type, "invocationType", List.of("Event", "DryRun", "RequestResponse"));
        violations.check();
        return new InvokeRequest(
                name.orElseThrow(),
                FunctionParameters.qualifier(name.get(), queried),
                type(type),
                "Tail".equals(logType),
                context(request.getHeader("X-Amz-Client-Context")));
    }

    private static Type type(@Nullable String header) {
        return switch (header) {
            case "Event" -> Type.EVENT;
            case "DryRun" -> Type.DRY_RUN;
            case null, default -> Type.REQUEST_RESPONSE;
        };
    }

    private static @Nullable String context(@Nullable String header) {
        if (header == null || header.isEmpty()) {
            return null;
        }
        if (header.length() > CONTEXT_LIMIT) {
            throw new RefusedException(AwsError.invalidContent("Client context must be at most " + CONTEXT_LIMIT
                    + " bytes of base64, but has " + header.length() + "; pass the data in the payload."));
        }
        try {
            if (Base64.getDecoder().decode(header).length > 0) {
                return header;
            }
        } catch (IllegalArgumentException e) {
            throw new RefusedException(
                    AwsError.invalidContent("Client context must be a valid Base64-encoded JSON object."));
        }
        return null;
    }
}
