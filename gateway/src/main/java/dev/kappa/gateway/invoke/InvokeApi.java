package dev.kappa.gateway.invoke;

import dev.kappa.gateway.async.AsyncInvoker;
import dev.kappa.gateway.catalog.Catalog;
import dev.kappa.gateway.dispatch.Event;
import dev.kappa.gateway.dispatch.ShortWait;
import dev.kappa.gateway.dispatch.VersionConfig;
import dev.kappa.gateway.forward.Router;
import dev.kappa.http.BodyReader;
import dev.kappa.http.ErrorWriter;
import dev.kappa.http.Route;
import dev.kappa.identity.Access;
import dev.kappa.identity.Caller;
import dev.kappa.lambda.Accounts;
import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.FunctionName;
import dev.kappa.lambda.FunctionParameters;
import dev.kappa.lambda.FunctionRef;
import dev.kappa.lambda.Quotas;
import dev.kappa.lambda.RefusedException;
import dev.kappa.lambda.ThrottleReason;
import dev.kappa.lambda.VersionKey;
import dev.kappa.stores.events.AsyncEvent;
import dev.kappa.stores.events.QueueException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code POST /2015-03-31/functions/{name}/invocations}: from the call to the version that is to run it. */
public final class InvokeApi implements Route {
    private static final Logger LOG = LoggerFactory.getLogger(InvokeApi.class);
    private static final String PREFIX = "/2015-03-31/functions/";
    private static final String SUFFIX = "/invocations";

    private final Vertx vertx;
    private final Catalog catalog;
    private final Accounts accounts;
    private final Router router;
    private final AsyncInvoker background;
    private final ShortWait wait;

    /**
     * The API.
     *
     * @param vertx runs it
     * @param catalog resolves qualifiers
     * @param accounts resolves ARNs
     * @param router brings events to the owner
     * @param background keeps asynchronous events
     */
    public InvokeApi(Vertx vertx, Catalog catalog, Accounts accounts, Router router, AsyncInvoker background) {
        this.vertx = vertx;
        this.wait = new ShortWait((delayMs, action) -> vertx.setTimer(delayMs, id -> action.run()));
        this.catalog = catalog;
        this.accounts = accounts;
        this.router = router;
        this.background = background;
    }

    @Override
    public boolean serves(HttpServerRequest request) {
        String path = request.path();
        return HttpMethod.POST.equals(request.method())
                && path != null
                && path.startsWith(PREFIX)
                && path.endsWith(SUFFIX)
                && path.length() > PREFIX.length() + SUFFIX.length();
    }

    /** Of a name that cannot be read: access to all functions; the call itself is refused with what is wrong. */
    @Override
    public Access access(HttpServerRequest request) {
        Optional<FunctionRef> ref = FunctionName.parse(FunctionParameters.decode(segment(request)))
                .flatMap(name -> accounts.resolve(name, Optional.empty()));
        return new Access(
                "create",
                "functions/invocations",
                ref.map(FunctionRef::namespace).orElse(""),
                ref.map(FunctionRef::function).orElse(""));
    }

    @Override
    public void handle(HttpServerRequest request, Caller caller) {
        long arrivedAtMs = System.currentTimeMillis();
        String requestId = UUID.randomUUID().toString();
        request.response().putHeader("x-amzn-RequestId", requestId);
        // Read first: a client that still writes does not see an early answer. A body too large is refused at once.
        int limit = "Event".equals(request.getHeader("X-Amz-Invocation-Type"))
                ? Quotas.ASYNC_PAYLOAD_BYTES
                : Quotas.SYNC_PAYLOAD_BYTES;
        BodyReader.read(request, limit, AwsError.tooLarge(limit))
                .compose(body -> accept(request, caller, body, requestId, arrivedAtMs))
                .onFailure(e -> refuse(request, e));
    }

    private Future<Buffer> accept(
            HttpServerRequest request, Caller caller, Buffer body, String requestId, long arrivedAtMs) {
        InvokeRequest call = InvokeRequest.of(request, segment(request));
        return Payload.check(vertx, body)
                .onSuccess(payload -> target(call, request, payload)
                        .onSuccess(target -> run(request, caller, call, payload, requestId, arrivedAtMs, target))
                        .onFailure(e -> refuse(request, e)));
    }

    /** What a call names: its version, and the ARN by which it was named. */
    private record Target(VersionKey version, String arn) {}

    private Future<Target> target(InvokeRequest call, HttpServerRequest request, Buffer payload) {
        return wait.find(
                        payload.length(),
                        () -> accounts.resolve(call.name(), call.qualifier())
                                .flatMap(ref -> catalog.resolve(ref, request::getHeader)
                                        .map(version -> new Target(version, accounts.arn(ref)))))
                .map(found -> found.orElseThrow(() ->
                        new RefusedException(AwsError.functionNotFound(accounts.resolve(call.name(), call.qualifier())
                                .map(accounts::arn)
                                .orElseGet(() -> accounts.arnOfUnknown(call.name(), call.qualifier()))))));
    }

    private static String segment(HttpServerRequest request) {
        String path = request.path();
        return path.substring(PREFIX.length(), path.length() - SUFFIX.length());
    }

    private void run(
            HttpServerRequest request,
            Caller caller,
            InvokeRequest call,
            Buffer payload,
            String requestId,
            long arrivedAtMs,
            Target target) {
        switch (call.type()) {
            case DRY_RUN -> dryRun(request, target.version());
            case EVENT ->
                accept(request, caller, call, payload, requestId, target.version(), target.arn(), arrivedAtMs);
            case REQUEST_RESPONSE ->
                router.run(
                        new Event(
                                requestId,
                                target.version(),
                                payload,
                                target.arn(),
                                call.clientContext(),
                                call.traceId(),
                                call.tail(),
                                arrivedAtMs),
                        request.response());
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
                        call.qualifier().orElse(null),
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
