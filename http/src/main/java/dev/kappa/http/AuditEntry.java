package dev.kappa.http;

import dev.kappa.identity.Caller;
import dev.kappa.identity.Permission;
import dev.kappa.identity.Target;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One call of the audit log.
 *
 * @param at when it was decided
 * @param caller who made it, null if that is not known
 * @param accessKeyId that a caller who is not known named
 * @param subject what the call does and is about, null if that cannot be read
 * @param allowed whether it was let in
 * @param reason why it was not
 * @param answer how it ended
 * @param source address of the caller
 * @param agent the caller's program, as it says
 */
record AuditEntry(
        Instant at,
        @Nullable Caller caller,
        @Nullable String accessKeyId,
        @Nullable Subject subject,
        boolean allowed,
        @Nullable String reason,
        Answer answer,
        String source,
        @Nullable String agent) {
    /**
     * What a call does.
     *
     * @param action as IAM names it
     * @param target function that it is about
     * @param role whose credentials it asks for, as the caller names it, empty for none
     */
    record Subject(String action, Target target, String role) {
        static @Nullable Subject of(@Nullable Permission permission) {
            return permission == null ? null : new Subject(permission.action().iamName(), permission.target(), "");
        }
    }

    /**
     * How a call ended.
     *
     * @param status of the answer, 0 if the caller went away before
     * @param error its type, or that of the function
     * @param requestId of the answer
     */
    record Answer(
            int status, @Nullable String error, @Nullable String requestId) {}

    String json(String process) {
        JsonObject json = new JsonObject()
                .put("time", at.toString())
                .put("log", "audit")
                .put("process", process)
                .put("decision", allowed ? "allow" : "deny");
        AuditLog.put(json, "caller", caller == null ? null : caller.name());
        AuditLog.put(json, "accessKeyId", accessKeyId);
        if (subject != null) {
            Target target = subject.target();
            json.put("action", subject.action());
            AuditLog.put(json, "role", subject.role());
            AuditLog.put(json, "namespace", target.namespace());
            AuditLog.put(json, "function", target.function());
            AuditLog.put(json, "qualifier", target.qualifier());
        }
        AuditLog.put(json, "reason", reason);
        json.put("status", answer.status());
        AuditLog.put(json, "error", answer.error());
        AuditLog.put(json, "requestId", answer.requestId());
        AuditLog.put(json, "sourceAddress", source);
        AuditLog.put(json, "userAgent", agent);
        return json.encode();
    }
}
