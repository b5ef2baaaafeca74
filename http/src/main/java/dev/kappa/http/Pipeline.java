package dev.kappa.http;

import dev.kappa.identity.Authenticator;
import dev.kappa.identity.Authorizer;
import dev.kappa.lambda.AwsError;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.function.BooleanSupplier;

/** The one way of every request to a public port: authenticate, authorise, route. */
public final class Pipeline implements Handler<HttpServerRequest> {
    private final Authenticator authenticator;
    private final Authorizer authorizer;
    private final List<Route> routes;
    private final Handler<HttpServerRequest> otherwise;
    private final BooleanSupplier leaving;
    private final CallWatch watch;

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
        this(authenticator, authorizer, routes, otherwise, leaving, CallWatch.NONE);
    }

    private Pipeline(
            Authenticator authenticator,
            Authorizer authorizer,
            List<Route> routes,
            Handler<HttpServerRequest> otherwise,
            BooleanSupplier leaving,
            CallWatch watch) {
        this.authenticator = authenticator;
        this.authorizer = authorizer;
        this.routes = List.copyOf(routes);
        this.otherwise = otherwise;
        this.leaving = leaving;
        this.watch = watch;
    }

    /**
     * The same, watched.
     *
     * @param by records and counts the calls of all routes
     * @return a handler
     */
    public Pipeline watched(CallWatch by) {
        return new Pipeline(authenticator, authorizer, routes, otherwise, leaving, by);
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
                AuditedCall audit = watch.audited(request);
                Admission.begin(route, request, authenticator, authorizer, watch.rates(), audit);
                return;
            }
        }
        otherwise.handle(request);
    }
}
