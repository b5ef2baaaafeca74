package dev.kappa.gateway.invoke;

import dev.kappa.gateway.async.AsyncInvoker;
import dev.kappa.gateway.catalog.Catalog;
import dev.kappa.gateway.dispatch.Event;
import dev.kappa.gateway.dispatch.ShortWait;
import dev.kappa.gateway.dispatch.VersionConfig;
import dev.kappa.gateway.forward.Router;
import dev.kappa.gateway.invoke.CalledFunctions.Called;
import dev.kappa.http.BodyLimit;
import dev.kappa.http.Call;
import dev.kappa.http.ErrorWriter;
import dev.kappa.http.Route;
import dev.kappa.identity.Action;
import dev.kappa.identity.Caller;
import dev.kappa.identity.Permission;
import dev.kappa.lambda.Accounts;
import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.Quotas;
import dev.kappa.lambda.RefusedException;
import dev.kappa.lambda.RequestIds;
import dev.kappa.lambda.ThrottleReason;
import dev.kappa.lambda.VersionKey;
import dev.kappa.stores.events.AsyncEvent;
import dev.kappa.stores.events.QueueException;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Invoke and InvokeWithResponseStream: from the call to the version that is to run it. */
public final class InvokeApi implements Route {
    private static final Logger LOG = LoggerFactory.getLogger(InvokeApi.class);
    private static final CharSequence REQUEST_ID = HttpHeaders.createOptimized("x-amzn-RequestId");
    private static final BodyLimit SYNC_LIMIT = limit(Quotas.SYNC_PAYLOAD_BYTES);
    private static final BodyLimit ASYNC_LIMIT = limit(Quotas.ASYNC_PAYLOAD_BYTES);

    /** The operations, which differ in their paths and in how the answer is written. */
    public enum Operation {
        /** {@code POST /2015-03-31/functions/{name}/invocations}. */
        INVOKE(Action.INVOKE, "/2015-03-31/functions/", "/invocations"),
        /** {@code POST /2021-11-15/functions/{name}/response-streaming-invocations}. */
        INVOKE_WITH_RESPONSE_STREAM(
                Action.INVOKE_WITH_RESPONSE_STREAM, "/2021-11-15/functions/", "/response-streaming-invocations");

        private final Action action;
        private final String prefix;
        private final String suffix;

        Operation(Action action, String prefix, String suffix) {
            this.action = action;
            this.prefix = prefix;
            this.suffix = suffix;
        }

        boolean streams() {
            return this == INVOKE_WITH_RESPONSE_STREAM;
        }
    }

    private final Operation operation;
    private final Vertx vertx;
    private final Catalog catalog;
    private final CalledFunctions functions;
    private final Router router;
    private final AsyncInvoker background;
    private final SourceCalls sources;
    private final ShortWait wait;

    /**
     * One operation.
     *
     * @param operation which one
     * @param vertx runs it
     * @param catalog resolves qualifiers
     * @param accounts resolves ARNs
     * @param router brings events to the owner
     * @param background keeps asynchronous events
     * @param sources what kappa-sources may say of an event besides
     */
    public InvokeApi(
            Operation operation,
            Vertx vertx,
            Catalog catalog,
            Accounts accounts,
            Router router,
            AsyncInvoker background,
            SourceCalls sources) {
        this.operation = operation;
        this.vertx = vertx;
        this.wait = new ShortWait((delayMs, action) -> vertx.setTimer(delayMs, id -> action.run()));
        this.catalog = catalog;
        this.functions = new CalledFunctions(accounts, operation.action, operation.prefix, operation.suffix);
        this.router = router;
        this.background = background;
        this.sources = sources;
    }

    private static BodyLimit limit(int bytes) {
        return new BodyLimit(bytes, () -> AwsError.tooLarge(bytes));
    }

    @Override
    public boolean serves(HttpServerRequest request) {
        String path = request.path();
        return HttpMethod.POST.equals(request.method())
                && path != null
                && path.startsWith(operation.prefix)
                && path.endsWith(operation.suffix)
                && path.length() > operation.prefix.length() + operation.suffix.length();
    }

    @Override
    public Permission permission(HttpServerRequest request) {
        return functions.permission(request);
    }

    @Override
    public BodyLimit limit(HttpServerRequest request) {
        return !operation.streams() && "Event".equals(request.getHeader(InvokeRequest.INVOCATION_TYPE))
                ? ASYNC_LIMIT
                : SYNC_LIMIT;
    }

    @Override
    public void handle(HttpServerRequest request, Call call) {
        String requestId = sources.requestId(request, call.caller()).orElseGet(RequestIds::next);
        request.response().putHeader(REQUEST_ID, requestId);
        accept(request, call.caller(), call.body(), requestId, System.currentTimeMillis());
    }

    private void accept(HttpServerRequest request, Caller caller, Buffer body, String requestId, long arrivedAtMs) {
        try {
            InvokeRequest call = InvokeRequest.of(request, functions, operation.streams());
            Payload.check(vertx, body)
                    .onSuccess(payload -> find(request, caller, call, payload, requestId, arrivedAtMs))
                    .onFailure(e -> refuse(request, e));
        } catch (RuntimeException e) {
            refuse(request, e);
        }
    }

    /** What a call names: its version, and the ARN by which it was named. */
    private record Resolved(VersionKey version, String arn) {}

    private void find(
            HttpServerRequest request,
            Caller caller,
            InvokeRequest call,
            Buffer payload,
            String requestId,
            long arrivedAtMs) {
        try {
            Optional<Resolved> known = look(call, request);
            if (known.isPresent()) {
                run(request, caller, call, payload, requestId, arrivedAtMs, known.get());
                return;
            }
            wait.find(payload.length(), () -> look(call, request))
                    .map(found -> found.orElseThrow(() -> new RefusedException(AwsError.functionNotFound(
                            functions.again(call.function()).arn()))))
                    .onSuccess(resolved -> run(request, caller, call, payload, requestId, arrivedAtMs, resolved))
                    .onFailure(e -> refuse(request, e));
        } catch (RuntimeException e) {
            refuse(request, e);
        }
    }

    private Optional<Resolved> look(InvokeRequest call, HttpServerRequest request) {
        Called called = functions.again(call.function());
        return called.ref() == null
                ? Optional.empty()
                : catalog.resolve(called.ref(), request::getHeader).map(version -> new Resolved(version, called.arn()));
    }

    private void run(
            HttpServerRequest request,
            Caller caller,
            InvokeRequest call,
            Buffer payload,
            String requestId,
            long arrivedAtMs,
            Resolved resolved) {
        switch (call.type()) {
            case DRY_RUN -> dryRun(request, resolved.version());
            case EVENT ->
                accept(request, caller, call, payload, requestId, resolved.version(), resolved.arn(), arrivedAtMs);
            case REQUEST_RESPONSE -> {
                OptionalLong waitsUntil = sources.waitsUntil(request, caller, arrivedAtMs);
                Event event = new Event(
                        requestId,
                        resolved.version(),
                        payload,
                        resolved.arn(),
                        call.clientContext(),
                        call.traceId(),
                        call.tail(),
                        arrivedAtMs,
                        waitsUntil.isPresent(),
                        waitsUntil.orElse(0));
                if (operation.streams()) {
                    router.stream(event, request.response());
                } else {
                    router.run(event, request.response());
                }
            }
        }
    }

    /** What the invocation would answer for certain; whether a slot were free is only known by taking it. */
    private void dryRun(HttpServerRequest request, VersionKey version) {
        VersionConfig config = catalog.config(version);
        if (config != null && Integer.valueOf(0).equals(config.reserved())) {
            refuse(request, new RefusedException(AwsError.throttled(ThrottleReason.RESERVED)));
            return;
        }
        request.response().setStatusCode(204).end();
    }

    private void accept(
            HttpServerRequest request,
            Caller caller,
            InvokeRequest call,
            Buffer payload,
            String requestId,
            VersionKey version,
            String arn,
            long arrivedAtMs) {
        Context context = vertx.getOrCreateContext();
        background
                .accept(new AsyncEvent(
                        requestId,
                        version,
                        catalog.uid(version.functionKey()),
                        call.function().qualifier().orElse(null),
                        payload.getBytes(),
                        arn,
                        call.clientContext(),
                        call.traceId(),
                        caller.name(),
                        arrivedAtMs,
                        0))
                .onComplete(kept -> context.runOnContext(v -> {
                    if (kept.succeeded()) {
                        request.response().setStatusCode(202).end();
                    } else {
                        refuse(request, kept.cause());
                    }
                }));
    }

    private static void refuse(HttpServerRequest request, Throwable e) {
        if (e instanceof RefusedException refused) {
            ErrorWriter.write(request.response(), refused.error());
            return;
        }
        if (e instanceof QueueException) {
            ErrorWriter.write(request.response(), AwsError.service(503, String.valueOf(e.getMessage())));
            return;
        }
        LOG.error("An Invoke call failed", e);
        ErrorWriter.write(request.response(), AwsError.service(500, "The gateway failed: " + e));
    }
}
