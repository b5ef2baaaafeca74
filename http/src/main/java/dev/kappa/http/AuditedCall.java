package dev.kappa.http;

import dev.kappa.http.AuditEntry.Subject;
import dev.kappa.identity.Access;
import dev.kappa.identity.Caller;
import dev.kappa.identity.Permission;
import dev.kappa.lambda.AwsError;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Brings one call into the audit log, once; lives on the call's event loop. */
final class AuditedCall {
    private static final Pattern ACCESS_KEY =
            Pattern.compile("Credential=([A-Za-z0-9_-]{16,128})(?:/|%2[Ff])", Pattern.CASE_INSENSITIVE);
    private static final int LONGEST_AGENT = 256;

    private final AuditLog log;
    private final HttpServerRequest request;
    private final String source;
    private @Nullable Instant letIn;
    private boolean recorded;

    AuditedCall(AuditLog log, HttpServerRequest request, SourceAddress addresses) {
        this.log = log;
        this.request = request;
        this.source = log == AuditLog.NONE ? "" : addresses.of(request);
    }

    /** Records the call once it is answered, or its caller went away. */
    void letIn(Caller caller, Permission permission) {
        letIn = Instant.now();
        if (!log.wants(permission.action().kind())) {
            return;
        }
        HttpServerResponse response = request.response();
        // Not by the handlers of the response's end: routes and meters have them.
        response.bodyEndHandler(v -> ended(caller, permission, true));
        request.connection().closeHandler(v -> ended(caller, permission, false));
    }

    private void ended(Caller caller, Permission permission, boolean answered) {
        HttpServerResponse response = request.response();
        String error = response.headers().get("x-amzn-ErrorType");
        record(
                caller,
                Subject.of(permission),
                true,
                reason(permission),
                new AuditEntry.Answer(
                        answered ? response.getStatusCode() : 0,
                        error == null ? response.headers().get("X-Amz-Function-Error") : error,
                        response.headers().get(Admission.REQUEST_ID)));
    }

    private static String reason(Permission permission) {
        return permission.accesses().isEmpty()
                ? "the caller is known"
                : permission.accesses().stream().map(AuditedCall::text).collect(Collectors.joining(", ", "may ", ""));
    }

    private static String text(Access access) {
        return access.verb() + " " + access.resource() + (access.name().isEmpty() ? "" : " " + access.name());
    }

    /** Records a call that is refused before its route got it, unless it was let in. */
    void refused(@Nullable Caller caller, @Nullable Permission permission, AwsError error, String requestId) {
        if (letIn == null && log.wantsRefusals()) {
            record(
                    caller,
                    Subject.of(permission),
                    false,
                    reason(error),
                    new AuditEntry.Answer(error.status(), error.type(), requestId));
        }
    }

    /** Records a call that no route serves; its answer is written. */
    void other(@Nullable Caller caller, Subject subject, @Nullable String refused, AuditEntry.Answer answer) {
        record(caller, subject, refused == null, refused == null ? "the caller is known" : refused, answer);
    }

    private static String reason(AwsError error) {
        for (String field : List.of("Reason", "message", "Message")) {
            String text = error.body().get(field);
            if (text != null) {
                return text;
            }
        }
        return error.type();
    }

    private void record(
            @Nullable Caller caller,
            @Nullable Subject subject,
            boolean allowed,
            String reason,
            AuditEntry.Answer answer) {
        if (recorded) {
            return;
        }
        recorded = true;
        String agent = request.getHeader("User-Agent");
        log.add(new AuditEntry(
                letIn == null ? Instant.now() : letIn,
                caller,
                caller == null ? accessKey() : null,
                subject,
                allowed,
                reason,
                answer,
                source,
                agent == null || agent.length() <= LONGEST_AGENT ? agent : agent.substring(0, LONGEST_AGENT)));
    }

    private @Nullable String accessKey() {
        String authorization = request.getHeader("Authorization");
        Matcher key = ACCESS_KEY.matcher(authorization == null ? String.valueOf(request.query()) : authorization);
        return key.find() ? key.group(1) : null;
    }
}
