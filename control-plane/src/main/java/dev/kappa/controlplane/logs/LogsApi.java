package dev.kappa.controlplane.logs;

import dev.kappa.controlplane.api.Kind;
import dev.kappa.controlplane.api.Resource;
import dev.kappa.controlplane.api.ResourceException;
import dev.kappa.controlplane.api.ResourceStore;
import dev.kappa.controlplane.signed.SignedCalls;
import dev.kappa.http.BodyReader;
import dev.kappa.http.CallThreads;
import dev.kappa.http.CallWatch;
import dev.kappa.http.ServerRequestHead;
import dev.kappa.identity.Action;
import dev.kappa.identity.Authenticator;
import dev.kappa.identity.Authorizer;
import dev.kappa.identity.Caller;
import dev.kappa.identity.Target;
import dev.kappa.lambda.Accounts;
import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.FunctionRef;
import dev.kappa.lambda.RefusedException;
import dev.kappa.lambda.ThrottleReason;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletionException;

/**
 * CloudWatch Logs, as far as tools need it to show what functions print: FilterLogEvents, GetLogEvents, DescribeLogGroups and
 * DescribeLogStreams, in AWS's JSON 1.1.
 */
public final class LogsApi implements Handler<HttpServerRequest> {
    private static final String OPERATION = "Logs_20140328.";
    private static final int BODY_LIMIT = 64 * 1024;
    private static final int CALLS = 32;
    private static final int GROUPS = 50;

    private final SignedCalls callers;
    private final Authorizer authorizer;
    private final Accounts accounts;
    private final ResourceStore resources;
    private final LogSource source;
    private final LogEvents events;
    private final CallWatch watch;
    private final CallThreads threads = new CallThreads(CALLS);

    /**
     * The service.
     *
     * @param callers knows callers by a signature for the service logs, and by a bearer token
     * @param authorizer says whose lines they may read
     * @param accounts resolve names
     * @param resources tell which functions there are
     * @param source of the lines
     * @param watch records and counts calls
     */
    public LogsApi(
            Authenticator callers,
            Authorizer authorizer,
            Accounts accounts,
            ResourceStore resources,
            LogSource source,
            CallWatch watch) {
        this.callers = new SignedCalls(callers);
        this.authorizer = authorizer;
        this.accounts = accounts;
        this.resources = resources;
        this.source = source;
        this.events = new LogEvents(source);
        this.watch = watch;
    }

    /**
     * Whether a request is for this service.
     *
     * @param request any
     * @return whether its head names an operation of it
     */
    public static boolean serves(HttpServerRequest request) {
        String target = request.getHeader("X-Amz-Target");
        return HttpMethod.POST.equals(request.method())
                && "/".equals(request.path())
                && target != null
                && target.startsWith(OPERATION);
    }

    @Override
    public void handle(HttpServerRequest request) {
        LogsCall call = new LogsCall(request, request.getHeader("X-Amz-Target").substring(OPERATION.length()), watch);
        ServerRequestHead head = new ServerRequestHead(request);
        BodyReader.read(request, BODY_LIMIT, AwsError.tooLarge(BODY_LIMIT, call.operation()))
                .compose(body -> callers.caller(head, body).compose(caller -> answer(call, caller, body)))
                .onSuccess(call::answered)
                .onFailure(call::refused);
    }

    private Future<JsonObject> answer(LogsCall call, Caller caller, Buffer body) {
        call.by(caller);
        if (!watch.rates().admits(caller)) {
            throw new RefusedException(AwsError.throttled(ThrottleReason.CALLER_RATE));
        }
        JsonObject given = given(body);
        return threads.run(() -> switch (call.operation()) {
            case "FilterLogEvents" -> events.filter(readable(call, given), given);
            case "GetLogEvents" -> events.get(readable(call, given), given);
            case "DescribeLogStreams" -> streams(readable(call, given), given);
            case "DescribeLogGroups" -> groups(caller, given);
            default -> throw LogsRefusal.unknown(call.operation());
        });
    }

    private static JsonObject given(Buffer body) {
        try {
            return body.length() == 0 ? new JsonObject() : new JsonObject(body);
        } catch (DecodeException e) {
            throw LogsRefusal.invalid("The body is no JSON object: " + e.getMessage());
        }
    }

    /** The function, by the name of its resource, whose lines the caller may read. */
    private FunctionRef readable(LogsCall call, JsonObject given) {
        LogGroup group = LogGroup.of(given, accounts);
        call.about(group.name());
        FunctionRef label = group.function().ofResources();
        Target target = new Target(label.namespace(), label.function(), null);
        allow(call.caller(), Action.READ_LOGS, target, group.arn(accounts));
        if (resources.get(Kind.FUNCTION, label.namespace(), label.function()).isEmpty()) {
            throw LogsRefusal.noGroup();
        }
        return label;
    }

    private void allow(Caller caller, Action action, Target target, String arn) {
        try {
            authorizer
                    .authorize(caller, action.on(target, arn))
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RefusedException refused ? refused : e;
        }
    }

    private JsonObject groups(Caller caller, JsonObject given) {
        String namespace = accounts.defaultNamespace();
        allow(caller, Action.LIST_LOG_GROUPS, Target.namespace(namespace), accounts.logGroupArn(namespace, "*"));
        String prefix = given.getString("logGroupNamePrefix", "");
        String pattern = given.getString("logGroupNamePattern", "");
        String after = given.getString("nextToken", "");
        List<Resource> functions = resources.list(Kind.FUNCTION, namespace).stream()
                .filter(it -> name(it).startsWith(prefix) && name(it).contains(pattern))
                .filter(it -> name(it).compareTo(after) > 0)
                .sorted(Comparator.comparing(LogsApi::name))
                .toList();
        int limit = Math.clamp(given.getInteger("limit", GROUPS), 1, GROUPS);
        JsonArray shown = new JsonArray();
        functions.stream().limit(limit).forEach(function -> shown.add(shown(function)));
        JsonObject answer = new JsonObject().put("logGroups", shown);
        return functions.size() > limit ? answer.put("nextToken", name(functions.get(limit - 1))) : answer;
    }

    private static String name(Resource function) {
        return LogGroup.PREFIX + function.spec().getString("functionName", function.name());
    }

    private JsonObject shown(Resource function) {
        String arn = accounts.logGroupArn(function.namespace(), name(function));
        return new JsonObject()
                .put("logGroupName", name(function))
                .put("creationTime", function.created().toEpochMilli())
                .put("metricFilterCount", 0)
                .put("arn", arn + ":*")
                .put("logGroupArn", arn)
                .put("storedBytes", 0)
                .put("logGroupClass", "STANDARD");
    }

    private JsonObject streams(FunctionRef function, JsonObject given) {
        String prefix = given.getString("logStreamNamePrefix", "");
        boolean byTime = given.getString("orderBy", "").equals("LastEventTime");
        Comparator<LogSource.Stream> order =
                byTime ? Comparator.comparing(LogSource.Stream::created) : Comparator.comparing(LogSource.Stream::name);
        String arn = LogGroup.of(given, accounts).arn(accounts);
        JsonArray shown = new JsonArray();
        source.streams(function.namespace(), function.function()).stream()
                .filter(it -> it.name().startsWith(prefix))
                .sorted(given.getBoolean("descending", false) ? order.reversed() : order)
                .limit(Math.clamp(given.getInteger("limit", GROUPS), 1, GROUPS))
                .forEach(stream -> shown.add(new JsonObject()
                        .put("logStreamName", stream.name())
                        .put("creationTime", stream.created().toEpochMilli())
                        .put("arn", arn + ":log-stream:" + stream.name())
                        .put("storedBytes", 0)));
        return new JsonObject().put("logStreams", shown);
    }

    /** What went wrong, as this service says it. */
    static LogsRefusal refusal(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return switch (cause) {
            case LogsRefusal refusal -> refusal;
            case RefusedException refused -> LogsRefusal.of(refused.error());
            case ResourceException failed -> LogsRefusal.unavailable(String.valueOf(failed.getMessage()));
            case ClassCastException wrong ->
                LogsRefusal.invalid("A parameter has another type than it should: " + wrong.getMessage());
            default -> LogsRefusal.unavailable("kappa-api failed: " + cause);
        };
    }
}
