package dev.kappa.controlplane.sts;

import dev.kappa.controlplane.signed.SignedCalls;
import dev.kappa.http.BodyReader;
import dev.kappa.http.CallWatch;
import dev.kappa.http.ServerRequestHead;
import dev.kappa.identity.Action;
import dev.kappa.identity.Authenticator;
import dev.kappa.identity.Authorizer;
import dev.kappa.identity.Caller;
import dev.kappa.identity.RequestHead;
import dev.kappa.identity.Session;
import dev.kappa.identity.SessionTokens;
import dev.kappa.identity.Target;
import dev.kappa.lambda.Accounts;
import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.RefusedException;
import dev.kappa.lambda.signature.PresentedSignature;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * AWS's Security Token Service, as far as callers of Kappa need it: temporary credentials for the token of a ServiceAccount
 * (AssumeRoleWithWebIdentity), for another role (AssumeRole) or for an access key (GetSessionToken), and who a caller is
 * (GetCallerIdentity).
 */
public final class StsApi implements Handler<HttpServerRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(StsApi.class);
    private static final int BODY_LIMIT = 64 * 1024;
    private static final Duration HOUR = Duration.ofHours(1);

    private final SignedCalls callers;
    private final Authorizer authorizer;
    private final SessionTokens sessions;
    private final Accounts accounts;
    private final CallWatch watch;

    /**
     * The service.
     *
     * @param callers knows callers by a signature for the service sts, and by a bearer token
     * @param authorizer says who may assume a role
     * @param sessions makes credentials
     * @param accounts name roles
     * @param watch records and counts calls
     */
    public StsApi(
            Authenticator callers, Authorizer authorizer, SessionTokens sessions, Accounts accounts, CallWatch watch) {
        this.callers = new SignedCalls(callers);
        this.authorizer = authorizer;
        this.sessions = sessions;
        this.accounts = accounts;
        this.watch = watch;
    }

    /**
     * Whether a request is for this service, whose calls are forms without a path.
     *
     * @param request any
     * @return whether it is
     */
    public static boolean serves(HttpServerRequest request) {
        return HttpMethod.POST.equals(request.method()) && "/".equals(request.path());
    }

    @Override
    public void handle(HttpServerRequest request) {
        StsCall call = new StsCall(request, watch);
        BodyReader.read(request, BODY_LIMIT, AwsError.tooLarge(BODY_LIMIT, "AssumeRole"))
                .compose(body -> answer(call, body))
                .onSuccess(call::answered)
                .onFailure(e -> call.refused(refusal(e)));
    }

    private Future<StsAnswers.Result> answer(StsCall call, Buffer body) {
        StsForm form = StsForm.of(body.toString());
        call.is(form);
        ServerRequestHead head = call.head();
        String action = form.text("Action");
        return switch (action) {
            case "AssumeRoleWithWebIdentity" ->
                caller(call, new Bearer(form.text("WebIdentityToken")), body)
                        .recover(e -> Future.failedFuture(StsRefusal.ofWebIdentity(e)))
                        .map(caller -> assumeByToken(caller, form));
            case "AssumeRole" ->
                caller(call, head, body)
                        .compose(caller -> assume(caller, session(head).isPresent(), form));
            case "GetSessionToken" -> caller(call, head, body).map(caller -> newSession(caller, head, form));
            case "GetCallerIdentity" -> caller(call, head, body).map(caller -> identity(caller, session(head)));
            default ->
                Future.failedFuture(new StsRefusal(
                        400,
                        "InvalidAction",
                        "Could not find operation " + action + "; there are AssumeRole, AssumeRoleWithWebIdentity,"
                                + " GetCallerIdentity and GetSessionToken."));
        };
    }

    private Future<Caller> caller(StsCall call, RequestHead head, Buffer body) {
        return callers.caller(head, body).map(call::by);
    }

    /** Of a head whose signature holds. */
    private Optional<Session> session(RequestHead head) {
        return PresentedSignature.of(head)
                .flatMap(it -> Optional.ofNullable(it.sessionToken()))
                .map(sessions::open);
    }

    private StsAnswers.Result assumeByToken(Caller caller, StsForm form) {
        form.refusePolicies();
        String name = form.sessionName();
        Caller.Account role = form.role(accounts);
        Optional<Caller.Account> own = caller.account();
        if (own.isEmpty() || !own.get().equals(role)) {
            throw new StsRefusal(
                    403,
                    "AccessDenied",
                    "Not authorized to perform sts:AssumeRoleWithWebIdentity: the token is of " + caller.name()
                            + own.map(it -> ", whose role is " + accounts.roleArn(it.namespace(), it.name()))
                                    .orElse(", which is no ServiceAccount and has no role")
                            + ".");
        }
        Session session = sessions.issue(role, name, form.life(HOUR, SessionTokens.LONGEST));
        return StsAnswers.assumedByToken(session, assumedRole(role, name), caller.name());
    }

    private Future<StsAnswers.Result> assume(Caller caller, boolean isSession, StsForm form) {
        form.refusePolicies();
        String name = form.sessionName();
        Caller.Account role = form.role(accounts);
        Duration life = form.life(HOUR, isSession ? HOUR : SessionTokens.LONGEST);
        Target target = new Target(role.namespace(), role.name(), null);
        return SignedCalls.here(() -> authorizer
                        .authorize(caller, Action.ASSUME_ROLE.on(target, form.text("RoleArn")))
                        .thenApply(it -> {
                            if (role.namespace().isEmpty()) {
                                throw new StsRefusal(
                                        400,
                                        "ValidationError",
                                        "No namespace has the account of " + form.text("RoleArn"));
                            }
                            return sessions.issue(role, name, life);
                        }))
                .map(session -> StsAnswers.assumed("AssumeRole", session, assumedRole(role, name)));
    }

    private StsAnswers.Result newSession(Caller caller, ServerRequestHead head, StsForm form) {
        boolean byKey = PresentedSignature.of(head).isPresent();
        if (!byKey || session(head).isPresent()) {
            throw new StsRefusal(
                    403,
                    "AccessDenied",
                    byKey
                            ? "Cannot call GetSessionToken with session credentials"
                            : "GetSessionToken must be signed with an access key; for a token, call"
                                    + " AssumeRoleWithWebIdentity");
        }
        Caller.Account account = caller.account().orElseThrow();
        return StsAnswers.session(sessions.issue(account, "", form.life(SessionTokens.LONGEST, SessionTokens.LONGEST)));
    }

    private StsAnswers.Result identity(Caller caller, Optional<Session> session) {
        Optional<Session> named = session.filter(it -> !it.name().isEmpty());
        Optional<Caller.Account> account = caller.account();
        if (named.isPresent() && account.isPresent()) {
            String name = named.get().name();
            return StsAnswers.identity(
                    assumedRole(account.get(), name), account.get().name() + ":" + name);
        }
        return StsAnswers.identity(caller.arn(accounts), caller.uid().isEmpty() ? caller.name() : caller.uid());
    }

    private String assumedRole(Caller.Account role, String session) {
        return "arn:aws:sts::" + accounts.account(role.namespace()) + ":assumed-role/" + role.name() + "/" + session;
    }

    private static StsRefusal refusal(Throwable failure) {
        Throwable cause = StsRefusal.cause(failure);
        return switch (cause) {
            case StsRefusal refusal -> refusal;
            case RefusedException refused -> StsRefusal.of(refused.error());
            default -> {
                LOG.error("A call of STS failed", cause);
                yield new StsRefusal(500, "InternalFailure", "kappa-api failed: " + cause);
            }
        };
    }

    /** The token of a form, as if it came in a header. */
    private record Bearer(String token) implements RequestHead {
        @Override
        public String method() {
            return "POST";
        }

        @Override
        public String target() {
            return "/";
        }

        @Override
        public List<String> values(String name) {
            return name.equalsIgnoreCase("Authorization") ? List.of("Bearer " + token) : List.of();
        }

        @Override
        public Collection<String> names() {
            return List.of();
        }
    }
}
