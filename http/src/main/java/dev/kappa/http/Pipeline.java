package dev.kappa.http;

import dev.kappa.identity.Authenticator;
import dev.kappa.identity.Authorizer;
import dev.kappa.identity.Caller;
import dev.kappa.identity.RequestHead;
import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.RefusedException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one way of every request to a public port: authenticate, authorise, route. */
public final class Pipeline implements Handler<HttpServerRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(Pipeline.class);

    private final Authenticator authenticator;
    private final Authorizer authorizer;
    private final List<Route> routes;
    private final Handler<HttpServerRequest> otherwise;
    private final BooleanSupplier leaving;

    /**
     * A port's handler.
     *
     * @param authenticator finds out who calls
     * @param authorizer decides whether the caller may
     * @param routes the first that serves a request gets it
     * @param otherwise gets what no route serves, unauthenticated
     * @param leaving whether the process is going away
     */
    public Pipeline(
            Authenticator authenticator,
            Authorizer authorizer,
            List<Route> routes,
            Handler<HttpServerRequest> otherwise,
            BooleanSupplier leaving) {
        this.authenticator = authenticator;
        this.authorizer = authorizer;
        this.routes = List.copyOf(routes);
        this.otherwise = otherwise;
        this.leaving = leaving;
    }

    /**
     * Answers that nothing is served under the request's path.
     *
     * @param request any
     */
    public static void unknown(HttpServerRequest request) {
        BodyReader.discard(request, 0);
        ErrorWriter.write(
                request.response(),
                AwsError.unknownOperation("Nothing is served under " + request.method() + " " + request.path()));
    }

    @Override
    public void handle(HttpServerRequest request) {
        if (leaving.getAsBoolean()) {
            // The caller's next request takes a new connection, to a process that stays.
            request.response().putHeader("Connection", "close");
        }
        for (Route route : routes) {
            if (route.serves(request)) {
                admit(route, request);
                return;
            }
        }
        otherwise.handle(request);
    }

    private void admit(Route route, HttpServerRequest request) {
        Future<Caller> admitted;
        try {
            admitted = Future.fromCompletionStage(authenticator
                    .authenticate(new Head(request))
                    .thenCompose(caller ->
                            authorizer.authorize(caller, route.access(request)).thenApply(allowed -> caller)));
        } catch (RuntimeException e) {
            refuse(request, e);
            return;
        }
        if (admitted.isComplete()) {
            admitted.onComplete((caller, e) -> goOn(route, request, caller, e));
            return;
        }
        request.pause();
        Context context = Vertx.currentContext();
        admitted.onComplete((caller, e) -> context.runOnContext(v -> goOn(route, request, caller, e)));
    }

    private static void goOn(
            Route route, HttpServerRequest request, @Nullable Caller caller, @Nullable Throwable failure) {
        if (caller == null) {
            refuse(request, failure);
            return;
        }
        try {
            route.handle(request, caller);
        } catch (RuntimeException e) {
            refuse(request, e);
        }
    }

    private static void refuse(HttpServerRequest request, @Nullable Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        BodyReader.discard(request, 0);
        if (cause instanceof RefusedException refused) {
            ErrorWriter.write(request.response(), refused.error());
            return;
        }
        LOG.error("A request cannot be admitted", cause);
        ErrorWriter.write(
                request.response(), AwsError.service(500, "The request cannot be admitted: " + cause + ". Try again."));
    }

    private record Head(HttpServerRequest request) implements RequestHead {
        @Override
        public String method() {
            return request.method().name();
        }

        @Override
        public String target() {
            return request.uri();
        }

        @Override
        public @Nullable String header(String name) {
            return request.getHeader(name);
        }
    }
}
