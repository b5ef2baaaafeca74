package dev.kappa.http;

import dev.kappa.http.AuditEntry.Answer;
import dev.kappa.http.AuditEntry.Subject;
import dev.kappa.identity.Action;
import dev.kappa.identity.Caller;
import dev.kappa.identity.Target;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/**
 * What looks at the calls of a port without serving them.
 *
 * @param audit records them
 * @param addresses tell where they come from
 * @param rates count them
 */
public record CallWatch(AuditLog audit, SourceAddress addresses, CallerRates rates) {
    /** Looks at nothing. */
    public static final CallWatch NONE = new CallWatch(AuditLog.NONE, SourceAddress.PEER, CallerRates.UNLIMITED);

    AuditedCall audited(HttpServerRequest request) {
        return new AuditedCall(audit, request, addresses);
    }

    /**
     * Records a call for credentials, which no route serves, once its answer is written.
     *
     * @param request the call
     * @param caller who made it, null if that is not known
     * @param action as IAM names it
     * @param kind what it does
     * @param role whose credentials it asked for, empty for none
     * @param refused why it was refused, null if it was not
     * @param error of the answer, null for none
     */
    public void record(
            HttpServerRequest request,
            @Nullable Caller caller,
            String action,
            Action.Kind kind,
            String role,
            @Nullable String refused,
            @Nullable String error) {
        if (refused == null ? !audit.wants(kind) : !audit.wantsRefusals()) {
            return;
        }
        Answer answer = new Answer(
                request.response().getStatusCode(),
                error,
                request.response().headers().get(Admission.REQUEST_ID));
        audited(request).other(caller, new Subject(action, new Target("", "", null), role), refused, answer);
    }
}
