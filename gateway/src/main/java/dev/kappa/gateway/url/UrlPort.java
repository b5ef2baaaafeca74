package dev.kappa.gateway.url;

import dev.kappa.gateway.catalog.Catalog;
import dev.kappa.gateway.catalog.UrlSettings.Cors;
import dev.kappa.gateway.forward.Router;
import dev.kappa.http.BodyReader;
import dev.kappa.http.ErrorWriter;
import dev.kappa.http.Pipeline;
import dev.kappa.http.TrustedProxies;
import dev.kappa.identity.Authenticator;
import dev.kappa.identity.Authorizer;
import dev.kappa.lambda.Accounts;
import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.http.FunctionUrls;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/** What comes before all else at the port of function URLs: WebSockets are refused, and browsers told which pages may call. */
public final class UrlPort implements Handler<HttpServerRequest> {
    private final UrlTargets targets;
    private final Handler<HttpServerRequest> calls;

    UrlPort(UrlTargets targets, Handler<HttpServerRequest> calls) {
        this.targets = targets;
        this.calls = calls;
    }

    /**
     * The port's handler with all behind it.
     *
     * @param vertx runs it
     * @param catalog knows URLs and policies
     * @param accounts name functions and callers
     * @param router brings events to the owner
     * @param proxies find callers behind them
     * @param addresses what URLs look like
     * @param callers knows those who prove who they are
     * @param rbac decides what no policy allows
     * @param watched what every pipeline of the process has
     * @param leaving whether the process is going away
     * @return a handler
     */
    public static UrlPort assemble(
            Vertx vertx,
            Catalog catalog,
            Accounts accounts,
            Router router,
            TrustedProxies proxies,
            FunctionUrls addresses,
            Authenticator callers,
            Authorizer rbac,
            UnaryOperator<Pipeline> watched,
            BooleanSupplier leaving) {
        UrlTargets targets = new UrlTargets(catalog.urls(), addresses);
        UrlIdentity identity = new UrlIdentity(targets, catalog, accounts, callers, rbac);
        UrlApi api = new UrlApi(vertx, targets, catalog, accounts, router, new UrlEvents(proxies, accounts));
        return new UrlPort(
                targets, watched.apply(new Pipeline(identity, identity, List.of(api), UrlPort::unknown, leaving)));
    }

    @Override
    public void handle(HttpServerRequest request) {
        if ("websocket".equalsIgnoreCase(request.getHeader(HttpHeaders.UPGRADE))) {
            BodyReader.discard(request, 0);
            ErrorWriter.write(
                    request.response(),
                    AwsError.service(
                            501,
                            "Function URLs have no WebSockets: a function answers one request after the other. Poll,"
                                    + " or use invokeMode RESPONSE_STREAM for an answer that goes on."));
            return;
        }
        Cors cors = targets.find(request)
                .map(called -> called.url().settings().cors())
                .orElse(null);
        if (cors != null && CorsHeaders.isPreflight(request)) {
            BodyReader.discard(request, 0);
            CorsHeaders.answer(cors, request);
            return;
        }
        if (cors != null) {
            CorsHeaders.allow(cors, request);
        }
        calls.handle(request);
    }

    /** Answers what no URL is. */
    static void unknown(HttpServerRequest request) {
        BodyReader.discard(request, 0);
        ErrorWriter.write(request.response(), AwsError.forbidden(UrlIdentity.FORBIDDEN));
    }
}
