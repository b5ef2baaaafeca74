package dev.kappa.gateway.invoke;

import dev.kappa.gateway.names.FunctionName;
import io.vertx.core.http.HttpServerRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
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
    private static final int QUALIFIER_LENGTH = 128;
    private static final Pattern QUALIFIER = Pattern.compile("[a-zA-Z0-9$_-]+");

    /**
     * Reads path, query and headers.
     *
     * @param segment the path segment of the function, still encoded
     * @throws RefusedException for a violated constraint
     */
    static InvokeRequest of(HttpServerRequest request, String segment) {
        List<String> violations = new ArrayList<>();
        String written = decode(segment);
        Optional<FunctionName> name = FunctionName.parse(written);
        if (written.length() > FunctionName.MAX_LENGTH) {
            violations.add(AwsError.violation(
                    written,
                    "functionName",
                    "Member must have length less than or equal to " + FunctionName.MAX_LENGTH));
        } else if (name.isEmpty()) {
            violations.add(AwsError.violation(
                    written,
                    "functionName",
                    "Member must satisfy regular expression pattern: " + FunctionName.CONSTRAINT));
        }
        String queried = request.getParam("Qualifier");
        checkQualifier(queried, violations);
        String logType = request.getHeader("X-Amz-Log-Type");
        if (logType != null && !logType.equals("None") && !logType.equals("Tail")) {
            violations.add(AwsError.violation(logType, "logType", "Member must satisfy enum value set: [None, Tail]"));
        }
        Type type = type(request.getHeader("X-Amz-Invocation-Type"), violations);
        if (name.isEmpty() || !violations.isEmpty()) {
            throw new RefusedException(AwsError.validation(violations));
        }
        return new InvokeRequest(
                name.get(),
                qualifier(name.get(), queried),
                type,
                "Tail".equals(logType),
                context(request.getHeader("X-Amz-Client-Context")));
    }

    private static void checkQualifier(@Nullable String queried, List<String> violations) {
        if (queried == null || queried.isEmpty()) {
            return;
        }
        if (queried.length() > QUALIFIER_LENGTH) {
            violations.add(AwsError.violation(
                    queried, "qualifier", "Member must have length less than or equal to " + QUALIFIER_LENGTH));
        }
        if (!QUALIFIER.matcher(queried).matches()) {
            violations.add(AwsError.violation(
                    queried, "qualifier", "Member must satisfy regular expression pattern: (|[a-zA-Z0-9$_-]+)"));
        }
    }

    private static Optional<String> qualifier(FunctionName name, @Nullable String queried) {
        if (queried == null || queried.isEmpty()) {
            return Optional.ofNullable(name.qualifier());
        }
        if (name.qualifier() != null && !name.qualifier().equals(queried)) {
            throw new RefusedException(AwsError.invalidParameter(
                    "The derived qualifier from the function name does not match the specified qualifier."));
        }
        return Optional.of(queried);
    }

    private static Type type(@Nullable String header, List<String> violations) {
        if (header == null || header.equals("RequestResponse")) {
            return Type.REQUEST_RESPONSE;
        }
        if (header.equals("Event")) {
            return Type.EVENT;
        }
        if (!header.equals("DryRun")) {
            violations.add(AwsError.violation(
                    header, "invocationType", "Member must satisfy enum value set: [Event, DryRun, RequestResponse]"));
        }
        return Type.DRY_RUN;
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

    private static String decode(String segment) {
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
