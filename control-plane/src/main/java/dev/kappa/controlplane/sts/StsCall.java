package dev.kappa.controlplane.sts;

import dev.kappa.http.CallWatch;
import dev.kappa.http.ServerRequestHead;
import dev.kappa.identity.Action.Kind;
import dev.kappa.identity.Caller;
import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.RefusedException;
import dev.kappa.lambda.RequestIds;
import dev.kappa.lambda.ThrottleReason;
import io.vertx.core.http.HttpServerRequest;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One call, from its form to its answer and its line in the audit log; lives on the call's event loop. */
final class StsCall {
    /** What an unknown caller may name a call has no place in the log. */
    private static final Set<String> ACTIONS =
            Set.of("AssumeRole", "AssumeRoleWithWebIdentity", "GetCallerIdentity", "GetSessionToken");

    private static final int LONGEST_ROLE = 2048;

    private final HttpServerRequest request;
    private final CallWatch watch;
    private final String id = RequestIds.next();
    private String action = "";
    private String role = "";
    private @Nullable Caller caller;

    StsCall(HttpServerRequest request, CallWatch watch) {
        this.request = request;
        this.watch = watch;
        request.response().putHeader("x-amzn-RequestId", id);
    }

    ServerRequestHead head() {
        return new ServerRequestHead(request);
    }

    void is(StsForm form) {
        String named = form.text("Action");
        action = ACTIONS.contains(named) ? named : "";
        String arn = form.text("RoleArn");
        role = arn.length() > LONGEST_ROLE ? arn.substring(0, LONGEST_ROLE) : arn;
    }

    /** Who makes it, if that one may call now. */
    Caller by(Caller known) {
        caller = known;
        if (!watch.rates().admits(known)) {
            throw new RefusedException(AwsError.throttled(ThrottleReason.CALLER_RATE));
        }
        return known;
    }

    void answered(StsAnswers.Result result) {
        StsAnswers.write(request.response(), id, result);
        record(null, null);
    }

    void refused(StsRefusal refusal) {
        StsAnswers.refuse(request.response(), id, refusal);
        record(String.valueOf(refusal.getMessage()), refusal.code());
    }

    private void record(@Nullable String reason, @Nullable String error) {
        Kind kind = action.equals("GetCallerIdentity") ? Kind.READ : Kind.WRITE;
        watch.record(request, caller, "sts:" + action, kind, role, reason, error);
    }
}
