package dev.kappa.gateway.shim;

import dev.kappa.gateway.dispatch.Event;
import dev.kappa.gateway.dispatch.InstanceAddress;
import dev.kappa.gateway.dispatch.ShimAnswer;
import dev.kappa.gateway.dispatch.ShimCalls;
import dev.kappa.http.LoopClient;
import dev.kappa.identity.InstanceTokens;
import dev.kappa.lambda.VersionKey;
import dev.kappa.wire.Fate;
import dev.kappa.wire.ShimState;
import dev.kappa.wire.Wire;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/** Talks to shims over HTTP/1.1 with kept connections. */
public final class ShimClient implements ShimCalls {
    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;
    private static final int NOT_FOUND = 404;
    private static final int CONNECT_MS = 1000;
    private static final long FATE_MS = 1000;
    private static final long FATE_PAUSE_MS = 50;

    private final Vertx vertx;
    private final LoopClient client;
    private final InstanceTokens tokens;

    /**
     * Calls shims.
     *
     * @param vertx runs its timers
     * @param client its connections
     * @param tokens what it shows
     */
    public ShimClient(Vertx vertx, LoopClient client, InstanceTokens tokens) {
        this.vertx = vertx;
        this.tokens = tokens;
        this.client = client;
    }

    @Override
    public Future<ShimAnswer> invoke(InstanceAddress address, Event event, long limitMs) {
        RequestOptions options = options(address, HttpMethod.POST, Wire.INVOKE, event.version())
                .setIdleTimeout(limitMs)
                .putHeader("Content-Type", "application/json")
                .putHeader(Wire.REQUEST_ID, event.requestId())
                .putHeader(Wire.INVOKED_ARN, event.invokedArn());
        if (event.clientContext() != null) {
            options.putHeader(Wire.CLIENT_CONTEXT, event.clientContext());
        }
        if (event.traceId() != null) {
            options.putHeader(Wire.TRACE_ID, event.traceId());
        }
        if (event.tail()) {
            options.putHeader(Wire.LOG_TYPE, "Tail");
        }
        return client.request(options)
                .transform(connected -> connected.failed()
                        ? Future.succeededFuture(new ShimAnswer.NotSent(words(connected.cause())))
                        : connected
                                .result()
                                .send(event.payload())
                                .compose(ShimClient::read)
                                .recover(e -> Future.succeededFuture(new ShimAnswer.Broken(words(e)))));
    }

    @Override
    public Future<Optional<Fate>> fate(InstanceAddress address, Event event) {
        Promise<Optional<Fate>> promise = Promise.promise();
        askFate(address, event, System.nanoTime() + FATE_MS * 1_000_000, promise);
        return promise.future();
    }

    @Override
    public Future<Optional<ShimState>> state(InstanceAddress address, VersionKey version) {
        return get(address, Wire.STATE, version, CONNECT_MS)
                .map(answer -> answer.status() == OK
                        ? Optional.of(answer.body().toJsonObject().mapTo(ShimState.class))
                        : Optional.<ShimState>empty())
                .recover(e -> Future.succeededFuture(Optional.empty()));
    }

    @Override
    public void after(long delayMs, Runnable action) {
        vertx.setTimer(delayMs, id -> action.run());
    }

    private void askFate(InstanceAddress address, Event event, long untilNanos, Promise<Optional<Fate>> promise) {
        long leftMs = Math.max(1, (untilNanos - System.nanoTime()) / 1_000_000);
        get(address, Wire.FATE + "?id=" + event.requestId(), event.version(), leftMs)
                .onComplete(answered -> {
                    if (answered.succeeded() && answered.result().status() == OK) {
                        promise.complete(fate(answered.result().body()));
                    } else if ((answered.succeeded() && answered.result().status() == NOT_FOUND)
                            || System.nanoTime() >= untilNanos) {
                        promise.complete(Optional.empty());
                    } else {
                        after(FATE_PAUSE_MS, () -> askFate(address, event, untilNanos, promise));
                    }
                });
    }

    private static Optional<Fate> fate(Buffer body) {
        try {
            Integer status = new JsonObject(body).getInteger("exitStatus");
            return status == null ? Optional.empty() : Optional.of(new Fate(status));
        } catch (RuntimeException e) {
            return Optional.empty();
        }
    }

    private record Got(int status, Buffer body) {}

    private Future<Got> get(InstanceAddress address, String uri, VersionKey version, long limitMs) {
        return client.request(options(address, HttpMethod.GET, uri, version)
                        .setConnectTimeout(Math.min(limitMs, CONNECT_MS))
                        .setIdleTimeout(limitMs))
                .compose(request -> request.send())
                .compose(response -> response.body().map(body -> new Got(response.statusCode(), body)));
    }

    private RequestOptions options(InstanceAddress address, HttpMethod method, String uri, VersionKey version) {
        return new RequestOptions()
                .setMethod(method)
                .setHost(address.host())
                .setPort(address.port())
                .setURI(uri)
                .putHeader(Wire.TOKEN, tokens.of(version));
    }

    private static Future<ShimAnswer> read(HttpClientResponse response) {
        String refused = response.getHeader(Wire.REFUSED);
        if (response.statusCode() == UNAVAILABLE && refused != null) {
            // The connection is free again only once the body has been read.
            return response.body().transform(body -> Future.succeededFuture(new ShimAnswer.Refused(refused)));
        }
        return response.body().map(body -> {
            if (response.statusCode() != OK) {
                return new ShimAnswer.Unexpected(
                        response.statusCode(), body.getString(0, Math.min(body.length(), 500)));
            }
            return new ShimAnswer.Done(
                    body,
                    response.getHeader(Wire.FUNCTION_ERROR),
                    response.getHeader(Wire.LOG_RESULT),
                    response.getHeader(Wire.TRACE_ID),
                    micros(response.getHeader(Wire.DURATION_US)),
                    response.getHeader(Wire.ENDING) != null);
        });
    }

    private static long micros(String header) {
        try {
            return header == null ? 0 : Long.parseLong(header);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static String words(Throwable e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
