package dev.kappa.gateway.async;

import dev.kappa.gateway.catalog.Catalog;
import dev.kappa.http.BodyLimit;
import dev.kappa.http.Call;
import dev.kappa.http.CallThreads;
import dev.kappa.http.ErrorWriter;
import dev.kappa.http.Route;
import dev.kappa.identity.Action;
import dev.kappa.identity.Permission;
import dev.kappa.identity.Target;
import dev.kappa.lambda.Accounts;
import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.DnsLabels;
import dev.kappa.lambda.FunctionKey;
import dev.kappa.lambda.FunctionRef;
import dev.kappa.lambda.RefusedException;
import dev.kappa.stores.events.Attempts;
import dev.kappa.stores.events.DeadLetters;
import dev.kappa.stores.events.DeadLetters.Kept;
import dev.kappa.stores.events.Outcome;
import dev.kappa.stores.events.OutcomeStore;
import dev.kappa.stores.events.QueueException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kappa's own calls about asynchronous events, under {@code /kappa/v1/namespaces/{ns}/functions/{fn}}: {@code GET
 * events/{id}} tells an event's story; {@code GET dead-letters[/{id}]} lists and shows dead letters, {@code POST
 * dead-letters[/{id}]/redrive} runs them again, {@code DELETE dead-letters[/{id}]} throws them away. {@code GET
 * /kappa/v1/webhook-key} answers the key that web hooks are verified with.
 */
public final class AsyncApi implements Route {
    private static final Logger LOG = LoggerFactory.getLogger(AsyncApi.class);
    private static final String KEY = "/kappa/v1/webhook-key";
    private static final Pattern PATH = Pattern.compile(
            "/kappa/v1/namespaces/([^/]+)/functions/([^/]+)/(events|dead-letters)(?:/([0-9a-f-]{36}))?(/redrive)?");
    /** A stalled NATS holds no more than these. */
    private static final int CALLS = 128;

    /** No call has a body; what comes is left unread. */
    private static final BodyLimit LIMIT = new BodyLimit(64 * 1024, () -> AwsError.tooLarge(64 * 1024));

    private static final int PAGE = 100;
    private static final int MAX_PAGE = 1000;

    private final Catalog catalog;
    private final Accounts accounts;
    private final OutcomeStore outcomes;
    private final DeadLetters letters;
    private final Redrive redrive;
    private final WebHookSigner signer;
    private final CallThreads threads = new CallThreads(CALLS);

    AsyncApi(
            Catalog catalog,
            Accounts accounts,
            OutcomeStore outcomes,
            DeadLetters letters,
            Redrive redrive,
            WebHookSigner signer) {
        this.catalog = catalog;
        this.accounts = accounts;
        this.outcomes = outcomes;
        this.letters = letters;
        this.redrive = redrive;
        this.signer = signer;
    }

    @Override
    public boolean serves(HttpServerRequest request) {
        String path = String.valueOf(request.path());
        return action(request.method(), path).isPresent();
    }

    private static Optional<Action> action(HttpMethod method, String path) {
        if (path.equals(KEY)) {
            return HttpMethod.GET.equals(method) ? Optional.of(Action.GET_WEBHOOK_KEY) : Optional.empty();
        }
        Matcher parts = PATH.matcher(path);
        if (!parts.matches()) {
            return Optional.empty();
        }
        boolean one = parts.group(4) != null;
        boolean again = parts.group(5) != null;
        String call = method.name() + " " + parts.group(3) + (again ? "/redrive" : "");
        return Optional.ofNullable(
                switch (call) {
                    case "GET events" -> one ? Action.GET_EVENT : null;
                    case "GET dead-letters" -> one ? Action.GET_DEAD_LETTER : Action.LIST_DEAD_LETTERS;
                    case "POST dead-letters/redrive" -> Action.REDRIVE_DEAD_LETTERS;
                    case "DELETE dead-letters" -> Action.DELETE_DEAD_LETTERS;
                    default -> null;
                });
    }

    @Override
    public Permission permission(HttpServerRequest request) {
        Action action = action(request.method(), String.valueOf(request.path())).orElseThrow();
        Matcher path = PATH.matcher(request.path());
        if (!path.matches()) {
            return action.on(Target.namespace(accounts.defaultNamespace()), "*");
        }
        return action.on(
                new Target(path.group(1), DnsLabels.ofFunction(path.group(2)), null),
                accounts.arn(new FunctionRef(path.group(1), path.group(2), null)));
    }

    @Override
    public BodyLimit limit(HttpServerRequest request) {
        return LIMIT;
    }

    @Override
    public void handle(HttpServerRequest request, Call call) {
        threads.run(() -> answer(request))
                .onSuccess(answer -> request.response()
                        .putHeader("Content-Type", "application/json")
                        .end(answer.toBuffer()))
                .onFailure(e -> refuse(request, e));
    }

    private static void refuse(HttpServerRequest request, Throwable e) {
        AwsError error = switch (e) {
            case RefusedException refused -> refused.error();
            case QueueException failed -> AwsError.service(503, String.valueOf(failed.getMessage()));
            default -> {
                LOG.error("A call about asynchronous events failed", e);
                yield AwsError.service(500, "The gateway failed: " + e);
            }
        };
        ErrorWriter.write(request.response(), error);
    }

    private JsonObject answer(HttpServerRequest request) throws QueueException {
        if (request.path().equals(KEY)) {
            return new JsonObject().put("publicKey", signer.publicKey());
        }
        Matcher path = PATH.matcher(request.path());
        if (!path.matches()) {
            throw new IllegalStateException("serves() and PATH differ");
        }
        FunctionKey function = new FunctionKey(path.group(1), DnsLabels.ofFunction(path.group(2)));
        Optional<String> id = Optional.ofNullable(path.group(4));
        return switch (action(request.method(), request.path()).orElseThrow()) {
            case GET_EVENT -> story(function, id.orElseThrow());
            case LIST_DEAD_LETTERS -> list(function, request);
            case GET_DEAD_LETTER -> show(find(function, id.orElseThrow()));
            case REDRIVE_DEAD_LETTERS -> {
                existing(function);
                yield new JsonObject()
                        .put(
                                "redriven",
                                id.isPresent() ? redrive.one(find(function, id.get())) : redrive.all(function));
            }
            case DELETE_DEAD_LETTERS -> new JsonObject().put("deleted", delete(function, id));
            default -> throw new IllegalStateException("serves() and answer() differ");
        };
    }

    private JsonObject story(FunctionKey function, String id) throws QueueException {
        Optional<Outcome> ended = outcomes.find(function, id);
        if (ended.isPresent()) {
            return JsonObject.mapFrom(ended.get())
                    .put("kept", letters.letter(function, id).isPresent())
                    .put("state", "Ended");
        }
        Attempts attempts = outcomes.attempts(function, id);
        if (attempts.failed() > 0) {
            return new JsonObject()
                    .put("requestId", id)
                    .put("state", "Retrying")
                    .put("failedRuns", attempts.failed())
                    .put("notBeforeMs", attempts.notBeforeMs())
                    .put("error", attempts.error());
        }
        throw new RefusedException(AwsError.notFound("Nothing is known yet of the end of event " + id + " of function "
                + function + ": it waits or runs, or no such event was accepted."));
    }

    private JsonObject list(FunctionKey function, HttpServerRequest request) throws QueueException {
        long after = number(request, "after", 0, Long.MAX_VALUE);
        int limit = (int) number(request, "limit", PAGE, MAX_PAGE);
        long total = letters.count(function);
        if (total == 0) {
            // Those of a deleted function can still be read.
            existing(function);
        }
        List<Kept> page = letters.list(function, after, limit);
        JsonObject answer = new JsonObject()
                .put("total", total)
                .put(
                        "deadLetters",
                        new JsonArray(page.stream().map(AsyncApi::summary).toList()));
        return page.size() < limit
                ? answer
                : answer.put("next", page.get(page.size() - 1).sequence());
    }

    private static JsonObject summary(Kept kept) {
        Outcome outcome = kept.letter().outcome();
        return new JsonObject()
                .put("requestId", outcome.requestId())
                .put("version", outcome.version())
                .put("condition", outcome.condition().words())
                .put("invocations", outcome.invocations())
                .put("receivedAtMs", outcome.receivedAtMs())
                .put("endedAtMs", outcome.endedAtMs());
    }

    private static JsonObject show(Kept kept) {
        JsonObject letter = JsonObject.mapFrom(kept.letter());
        // It was not kept yet when it was written.
        letter.getJsonObject("outcome").put("kept", true);
        return letter;
    }

    private Kept find(FunctionKey function, String id) throws QueueException {
        return letters.letter(function, id)
                .orElseThrow(() -> new RefusedException(
                        AwsError.notFound("Function " + function + " has no dead letter " + id + ".")));
    }

    private long delete(FunctionKey function, Optional<String> id) throws QueueException {
        if (id.isEmpty()) {
            long purged = letters.purge(function);
            if (purged == 0) {
                existing(function);
            }
            return purged;
        }
        letters.remove(function, find(function, id.get()).sequence());
        return 1;
    }

    private void existing(FunctionKey function) {
        if (catalog.resolve(new FunctionRef(function.namespace(), function.name(), null), header -> null)
                .isEmpty()) {
            throw new RefusedException(AwsError.functionNotFound(function.toString()));
        }
    }

    private static long number(HttpServerRequest request, String name, long otherwise, long max) {
        String value = request.getParam(name);
        if (value == null) {
            return otherwise;
        }
        if (!value.matches("[0-9]{1,18}") || Long.parseLong(value) > max) {
            throw new RefusedException(AwsError.invalidParameter(
                    "The parameter " + name + " must be a number up to " + max + ", but is '" + value + "'."));
        }
        return Long.parseLong(value);
    }
}
