package dev.kappa.gateway.invoke;

import dev.kappa.gateway.invoke.CalledFunctions.Called;
import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.FunctionName;
import dev.kappa.lambda.JsonPayload;
import dev.kappa.lambda.RefusedException;
import dev.kappa.lambda.TraceHeader;
import dev.kappa.lambda.Violations;
import dev.kappa.wire.Wire;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of an Invoke call, checked against the service's model.
 *
 * @param function what the call names
 * @param type how it is to run
 * @param tail whether the end of the log is wanted
 * @param clientContext base64 of a JSON object as it came, or null
 * @param traceId the trace header: the caller's with this run counted, or a new one
 */
record InvokeRequest(
        Called function, Type type, boolean tail, @Nullable String clientContext, String traceId) {
    /** Values of {@code X-Amz-Invocation-Type}. */
    enum Type {
        REQUEST_RESPONSE,
        EVENT,
        DRY_RUN
    }

    /** Names of headers, hashed once. */
    static final CharSequence INVOCATION_TYPE = HttpHeaders.createOptimized("X-Amz-Invocation-Type");

    private static final CharSequence LOG_TYPE = HttpHeaders.createOptimized("X-Amz-Log-Type");
    private static final CharSequence CLIENT_CONTEXT = HttpHeaders.createOptimized("X-Amz-Client-Context");
    private static final CharSequence TRACE_ID = HttpHeaders.createOptimized(Wire.TRACE_ID);
    private static final CharSequence TENANT_ID = HttpHeaders.createOptimized("X-Amz-Tenant-Id");
    private static final List<String> LOG_TYPES = List.of("None", "Tail");
    private static final List<String> INVOCATION_TYPES = List.of("Event", "DryRun", "RequestResponse");
    private static final List<String> STREAMED_TYPES = List.of("DryRun", "RequestResponse");
    private static final int CONTEXT_LIMIT = 3583;

    /**
     * Reads path, query and headers.
     *
     * @param functions read the path and the query
     * @param streams whether the answer is to be streamed, which an asynchronous event's cannot
     * @throws RefusedException for a violated constraint
     */
    static InvokeRequest of(HttpServerRequest request, CalledFunctions functions, boolean streams) {
        Violations violations = new Violations();
        Called known = functions.known(request);
        Optional<FunctionName> name = known == null ? functions.name(request, violations) : Optional.of(known.name());
        String queried = known == null ? CalledFunctions.queried(request, violations) : null;
        String logType = request.getHeader(LOG_TYPE);
        violations.oneOf(logType, "logType", LOG_TYPES);
        String type = request.getHeader(INVOCATION_TYPE);
        violations.oneOf(type, "invocationType", streams ? STREAMED_TYPES : INVOCATION_TYPES);
        violations.check();
        if (request.getHeader(TENANT_ID) != null) {
            throw new RefusedException(
                    AwsError.invalidParameter(
                            "The request names a tenant (X-Amz-Tenant-Id), but functions here"
                                    + " are not configured for tenant isolation; leave the header out, or give each tenant a function."));
        }
        Called called = known == null ? functions.find(request, name.orElseThrow(), queried) : known;
        return new InvokeRequest(
                called,
                type(type),
                "Tail".equals(logType),
                context(request.getHeader(CLIENT_CONTEXT)),
                TraceHeader.next(
                        TraceHeader.given(request.getHeader(TRACE_ID)),
                        identity(called),
                        System.currentTimeMillis() / 1000));
    }

    private static String identity(Called called) {
        return called.ref() == null
                ? called.arn()
                : called.ref().namespace() + "/" + called.ref().function();
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
        byte[] json;
        try {
            json = Base64.getDecoder().decode(header);
        } catch (IllegalArgumentException e) {
            throw invalidContext("it is no base64");
        }
        if (json.length == 0) {
            return null;
        }
        String text = utf8(json);
        if (!text.stripLeading().startsWith("{") || !JsonPayload.isJson(json)) {
            throw invalidContext("what it encodes is no JSON object");
        }
        return header;
    }

    private static String utf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw invalidContext("what it encodes is no UTF-8");
        }
    }

    private static RefusedException invalidContext(String why) {
        return new RefusedException(
                AwsError.invalidContent("Client context must be a valid Base64-encoded JSON object, but " + why + "."));
    }
}
