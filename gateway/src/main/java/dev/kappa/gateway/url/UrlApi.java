package dev.kappa.gateway.url;

import dev.kappa.gateway.catalog.Catalog;
import dev.kappa.gateway.dispatch.Event;
import dev.kappa.gateway.forward.Router;
import dev.kappa.gateway.url.UrlTargets.Called;
import dev.kappa.http.BodyLimit;
import dev.kappa.http.Call;
import dev.kappa.http.ErrorWriter;
import dev.kappa.http.HomeLoop;
import dev.kappa.http.Route;
import dev.kappa.identity.Action;
import dev.kappa.identity.Caller;
import dev.kappa.identity.Permission;
import dev.kappa.identity.Target;
import dev.kappa.lambda.Accounts;
import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.FunctionRef;
import dev.kappa.lambda.Quotas;
import dev.kappa.lambda.RefusedException;
import dev.kappa.lambda.RequestIds;
import dev.kappa.lambda.TraceHeader;
import dev.kappa.lambda.VersionKey;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs functions by their URLs: the request is the event, and the answer is HTTP. */
final class UrlApi implements Route {
    private static final Logger LOG = LoggerFactory.getLogger(UrlApi.class);
    private static final int LIMIT = Quotas.SYNC_PAYLOAD_BYTES;
    private static final BodyLimit BODY = new BodyLimit(LIMIT, UrlApi::tooLarge);
    /** Above this an event loop would be held up for too long. */
    private static final int INLINE_BYTES = 256 * 1024;

    private final Vertx vertx;
    private final UrlTargets targets;
    private final Catalog catalog;
    private final Accounts accounts;
    private final Router router;
    private final UrlEvents events;

    /**
     * The route.
     *
     * @param vertx runs it
     * @param targets find the URL that is called
     * @param catalog resolves aliases
     * @param accounts name functions
     * @param router brings events to the owner
     * @param events makes events of requests
     */
    UrlApi(Vertx vertx, UrlTargets targets, Catalog catalog, Accounts accounts, Router router, UrlEvents events) {
        this.vertx = vertx;
        this.targets = targets;
        this.catalog = catalog;
        this.accounts = accounts;
        this.router = router;
        this.events = events;
    }

    private static AwsError tooLarge() {
        return AwsError.tooLarge(LIMIT, "InvokeFunctionUrl");
    }

    @Override
    public boolean serves(HttpServerRequest request) {
        return targets.find(request).isPresent();
    }

    @Override
    public Permission permission(HttpServerRequest request) {
        FunctionRef ref = called(request).url().function();
        return Action.INVOKE_FUNCTION_URL.on(
                new Target(ref.namespace(), ref.function(), ref.qualifier()), accounts.arn(ref));
    }

    @Override
    public BodyLimit limit(HttpServerRequest request) {
        return BODY;
    }

    private Called called(HttpServerRequest request) {
        return targets.find(request).orElseThrow(UrlIdentity::forbidden);
    }

    @Override
    public void handle(HttpServerRequest request, Call call) {
        long arrivedAtMs = System.currentTimeMillis();
        String requestId = RequestIds.next();
        request.response().putHeader("x-amzn-RequestId", requestId);
        try {
            Called called = called(request);
            FunctionRef ref = called.url().function();
            VersionKey version = catalog.resolve(ref, request::getHeader).orElseThrow(UrlIdentity::forbidden);
            String trace = TraceHeader.next(
                    TraceHeader.given(request.getHeader(UrlEvents.TRACE_ID)),
                    ref.namespace() + "/" + ref.function(),
                    arrivedAtMs / 1000);
            HomeLoop home = HomeLoop.here(vertx);
            UrlEvents.Making making = events.of(request, called, call, requestId, trace, arrivedAtMs);
            payload(call.body(), making)
                    .onSuccess(payload -> run(
                            request,
                            home,
                            called,
                            call.caller(),
                            new Event(requestId, version, payload, accounts.arn(ref), null, trace, false, arrivedAtMs)))
                    .onFailure(e -> refuse(request, e));
        } catch (RuntimeException e) {
            refuse(request, e);
        }
    }

    private Future<Buffer> payload(Buffer body, UrlEvents.Making making) {
        if (body.length() > INLINE_BYTES) {
            return vertx.executeBlocking(() -> checked(making.make()), false);
        }
        try {
            return Future.succeededFuture(checked(making.make()));
        } catch (RefusedException e) {
            return Future.failedFuture(e);
        }
    }

    /** Base64 makes a third more of a body. */
    private static Buffer checked(byte[] event) {
        if (event.length > LIMIT) {
            throw new RefusedException(tooLarge());
        }
        return Buffer.buffer(event);
    }

    private void run(HttpServerRequest request, HomeLoop home, Called called, Caller caller, Event event) {
        UrlWriter writer = new UrlWriter(
                request,
                !caller.equals(Caller.ANONYMOUS),
                called.url().settings().cors() != null);
        if (called.url().settings().streams()) {
            UrlStream stream = new UrlStream(writer, home);
            router.run(event.streamedTo(stream), home, stream);
        } else {
            router.run(event, home, new UrlReceiver(vertx, router, writer, home));
        }
    }

    private static void refuse(HttpServerRequest request, Throwable e) {
        if (e instanceof RefusedException refused) {
            ErrorWriter.write(request.response(), refused.error());
            return;
        }
        LOG.error("A call of a function URL failed", e);
        ErrorWriter.write(request.response(), AwsError.service(500, "The gateway failed. Try again."));
    }
}
