package dev.kappa.http;

import dev.kappa.identity.Authenticator;
import dev.kappa.identity.Authorizer;
import dev.kappa.identity.Caller;
import dev.kappa.identity.Permission;
import dev.kappa.identity.Proof;
import dev.kappa.identity.Proof.OfBody;
import dev.kappa.identity.Proof.Proven;
import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.RefusedException;
import dev.kappa.lambda.RequestIds;
import dev.kappa.lambda.ThrottleReason;
import dev.kappa.lambda.signature.SigningKey;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request on its way to its route: who makes it, whether that caller may, and its body. Of a known caller the body is read
 * once the call is permitted; of one who signed without telling the body's digest it is a part of the proof.
 */
final class Admission {
    private static final Logger LOG = LoggerFactory.getLogger(Admission.class);
    static final String REQUEST_ID = "x-amzn-RequestId";

    /** A larger body would hold the event loop up. */
    private static final int INLINE_BYTES = 256 * 1024;

    private final Route route;
    private final HttpServerRequest request;
    private final Authorizer authorizer;
    private final CallerRates rates;
    private final AuditedCall audit;
    private @Nullable Caller caller;
    private boolean isRead;

    private Admission(
            Route route, HttpServerRequest request, Authorizer authorizer, CallerRates rates, AuditedCall audit) {
        this.route = route;
        this.request = request;
        this.authorizer = authorizer;
        this.rates = rates;
        this.audit = audit;
    }

    static void begin(
            Route route,
            HttpServerRequest request,
            Authenticator authenticator,
            Authorizer authorizer,
            CallerRates rates,
            AuditedCall audit) {
        Admission admission = new Admission(route, request, authorizer, rates, audit);
        admission.then(() -> authenticator.authenticate(new ServerRequestHead(request)), admission::proven);
    }

    private void proven(Proof proof) {
        BodyLimit limit = route.limit(request);
        switch (proof) {
            case Proven known
            when limit.isOfTheRoute() ->
                permitted(
                        known.caller(),
                        () -> route.handle(request, new Call(known.caller(), Buffer.buffer(), known.bodySha256())));
            case Proven known -> permitted(known.caller(), () -> read(limit, body -> checked(known, body)));
            case OfBody _
            when limit.isOfTheRoute() ->
                throw new RefusedException(AwsError.invalidSignature("A signature for this call must cover the header"
                        + " x-amz-content-sha256, which tells the SHA-256 of the body in hex."));
            case OfBody signed ->
                read(
                        limit,
                        body -> digested(body, sha256 -> {
                            Caller caller = signed.verify(sha256).caller();
                            permitted(caller, () -> route.handle(request, new Call(caller, body, null)));
                        }));
        }
    }

    private void checked(Proven known, Buffer body) {
        if (known.bodySha256() == null) {
            route.handle(request, new Call(known.caller(), body, null));
            return;
        }
        digested(body, sha256 -> {
            if (!sha256.equals(known.bodySha256())) {
                throw new RefusedException(AwsError.invalidSignature(
                        "The provided 'x-amz-content-sha256' header does not match what was computed."));
            }
            route.handle(request, new Call(known.caller(), body, null));
        });
    }

    private void permitted(Caller who, Runnable next) {
        caller = who;
        if (!rates.admits(who)) {
            throw new RefusedException(AwsError.throttled(ThrottleReason.CALLER_RATE));
        }
        Permission permission = route.permission(request);
        then(() -> authorizer.authorize(who, permission), allowed -> {
            audit.letIn(who, permission);
            next.run();
        });
    }

    private void read(BodyLimit limit, Consumer<Buffer> next) {
        BodyReader.read(request, limit.bytes(), limit.tooLarge()).onComplete((body, e) -> {
            isRead = true;
            goOn(body, e, next);
        });
    }

    private void digested(Buffer body, Consumer<String> next) {
        if (body.length() <= INLINE_BYTES) {
            next.accept(SigningKey.payloadHash(body.getBytes()));
            return;
        }
        Future<String> sha256 =
                Vertx.currentContext().executeBlocking(() -> SigningKey.payloadHash(body.getBytes()), false);
        sha256.onComplete((hash, e) -> goOn(hash, e, next));
    }

    /** Goes on at once if the result is there, else on the request's event loop; meanwhile nothing of the body is lost. */
    private <T> void then(Supplier<? extends CompletionStage<? extends T>> step, Consumer<T> next) {
        Future<T> result;
        try {
            result = Future.fromCompletionStage(step.get()).map(it -> it);
        } catch (RuntimeException e) {
            refuse(e);
            return;
        }
        if (result.isComplete()) {
            goOn(result.result(), result.cause(), next);
            return;
        }
        if (!isRead) {
            request.pause();
        }
        Context context = Vertx.currentContext();
        result.onComplete((value, e) -> context.runOnContext(v -> goOn(value, e, next)));
    }

    private <T> void goOn(@Nullable T value, @Nullable Throwable failure, Consumer<T> next) {
        if (failure != null || value == null) {
            refuse(failure);
            return;
        }
        try {
            next.accept(value);
        } catch (RuntimeException e) {
            refuse(e);
        }
    }

    private void refuse(@Nullable Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        BodyReader.discard(request, 0);
        HttpServerResponse response = request.response();
        if (response.headWritten() || response.closed()) {
            return;
        }
        String requestId = response.headers().get(REQUEST_ID);
        if (requestId == null) {
            requestId = RequestIds.next();
            response.putHeader(REQUEST_ID, requestId);
        }
        // By it an SDK corrects its clock.
        response.putHeader(
                HttpHeaders.DATE, DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC)));
        AwsError error;
        if (cause instanceof RefusedException refused) {
            error = refused.error();
        } else {
            LOG.error("A request cannot be admitted", cause);
            error = AwsError.service(500, "The request cannot be admitted: " + cause + ". Try again.");
        }
        audit.refused(caller, readPermission(), error, requestId);
        ErrorWriter.write(response, error);
    }

    /** What the call is about, for the audit log; null if it says that wrongly. */
    private @Nullable Permission readPermission() {
        try {
            return route.permission(request);
        } catch (RuntimeException e) {
            return null;
        }
    }
}
