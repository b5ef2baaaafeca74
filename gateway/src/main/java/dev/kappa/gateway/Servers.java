package dev.kappa.gateway;

import dev.kappa.gateway.async.AsyncApi;
import dev.kappa.gateway.control.ControlApi;
import dev.kappa.gateway.http.BodyReader;
import dev.kappa.gateway.http.ErrorWriter;
import dev.kappa.gateway.invoke.InvokeApi;
import dev.kappa.gateway.packages.PackageApi;
import dev.kappa.lambda.AwsError;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.BooleanSupplier;

/** Listeners, one on each event loop. */
final class Servers {
    /** The longest event with its start and its wait; a silent connection is closed after that. */
    private static final int IDLE_SECONDS = 1100;

    private Servers() {}

    static Future<?> listen(Vertx vertx, int port, int loops, Handler<HttpServerRequest> handler) {
        HttpServerOptions options = new HttpServerOptions()
                .setPort(port)
                .setHost("0.0.0.0")
                .setMaxHeaderSize(64 * 1024)
                .setMaxInitialLineLength(16 * 1024)
                .setHandle100ContinueAutomatically(true)
                .setIdleTimeout(IDLE_SECONDS);
        return vertx.deployVerticle(
                () -> (Deployable) context ->
                        vertx.createHttpServer(options).requestHandler(handler).listen(),
                new DeploymentOptions().setInstances(loops));
    }

    static Handler<HttpServerRequest> publicApi(
            InvokeApi invoke, ControlApi control, PackageApi packages, AsyncApi async, BooleanSupplier leaving) {
        return request -> {
            if (leaving.getAsBoolean()) {
                // The caller's next event takes a new connection, to a gateway that stays.
                request.response().putHeader("Connection", "close");
            }
            if (InvokeApi.serves(request)) {
                invoke.handle(request);
            } else if (ControlApi.serves(request)) {
                control.handle(request);
            } else if (PackageApi.serves(request)) {
                packages.upload(request);
            } else if (AsyncApi.serves(request)) {
                async.handle(request);
            } else {
                BodyReader.discard(request, 0);
                ErrorWriter.write(
                        request.response(),
                        AwsError.unknownOperation(
                                "Nothing is served under " + request.method() + " " + request.path()));
            }
        };
    }
}
