package dev.kappa.gateway.shim;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.kappa.gateway.dispatch.AnswerSink;
import dev.kappa.gateway.dispatch.Event;
import dev.kappa.gateway.dispatch.InstanceAddress;
import dev.kappa.gateway.dispatch.ShimAnswer;
import dev.kappa.gateway.dispatch.ShimCalls;
import dev.kappa.http.BodySink;
import dev.kappa.http.ExchangeClient;
import dev.kappa.http.LoopClient;
import dev.kappa.http.NotConnectedException;
import dev.kappa.http.Reply;
import dev.kappa.http.RequestBytes;
import dev.kappa.identity.InstanceTokens;
import dev.kappa.lambda.VersionKey;
import dev.kappa.wire.Fate;
import dev.kappa.wire.ShimState;
import dev.kappa.wire.Wire;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Talks to shims over HTTP/1.1 with kept connections. */
public final class ShimClient implements ShimCalls {
    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int CONNECT_MS = 1000;
    private static final long FATE_MS = 1000;
    private static final long FATE_PAUSE_MS = 50;
    private static final int MOST_INSTANCES = 2_000;

    private static final String REQUEST_ID = Wire.REQUEST_ID + ": ";
    private static final String INVOKED_ARN = Wire.INVOKED_ARN + ": ";
    private static final String CLIENT_CONTEXT = Wire.CLIENT_CONTEXT + ": ";
    private static final String TRACE_ID = Wire.TRACE_ID + ": ";
    private static final String RESPONSE_MODE = Wire.RESPONSE_MODE + ": ";
    private static final String LOG_TYPE = Wire.LOG_TYPE + ": ";

    private final Vertx vertx;
    private final LoopClient client;
    private final ExchangeClient events;
    private final InstanceTokens tokens;
    /** What is the same in the requests of all events to an instance. */
    private final LoadingCache<Known, Head> heads = Caffeine.newBuilder()
            .maximumSize(MOST_INSTANCES)
            .expireAfter(Expiry.<Known, Head>creating((known, head) -> renewIn()))
            .build(this::head);

    /** Instances that an upgrade left running, whose shims take another token. */
    private final Cache<InstanceAddress, Boolean> ofRelease010 =
            Caffeine.newBuilder().maximumSize(MOST_INSTANCES).build();

    private record Known(InstanceAddress address, VersionKey version) {}

    private record Head(RequestBytes bytes, boolean ofRelease010) {}

    /**
     * Calls shims.
     *
     * @param vertx runs its timers
     * @param client asks for states and fates
     * @param events sends events
     * @param tokens what it shows
     */
    public ShimClient(Vertx vertx, LoopClient client, ExchangeClient events, InstanceTokens tokens) {
        this.vertx = vertx;
        this.tokens = tokens;
        this.client = client;
        this.events = events;
    }

    @Override
    public Future<ShimAnswer> invoke(InstanceAddress address, Event event, long limitMs) {
        Known known = new Known(address, event.version());
        Head head = heads.get(known);
        return send(known, head, event, limitMs).transform(ended -> {
            Reply reply = ended.result();
            if (reply == null || !isRefused(reply.status(), head.ofRelease010())) {
                return answered(ended);
            }
            remember(known);
            return send(known, heads.get(known), event, limitMs).transform(again -> answered(again));
        });
    }

    private static Future<ShimAnswer> answered(AsyncResult<Reply> ended) {
        return Future.succeededFuture(answer(ended.result(), ended.cause()));
    }

    /** Whether a shim took no token, and is to be shown that of release 0.1.0. */
    private static boolean isRefused(int status, boolean shown) {
        return status == FORBIDDEN && !shown;
    }

    private void remember(Known known) {
        ofRelease010.put(known.address(), true);
        heads.invalidate(known);
    }

    private Future<Reply> send(Known known, Head kept, Event event, long limitMs) {
        InstanceAddress address = known.address();
        RequestBytes head =
                kept.bytes().copy().header(REQUEST_ID, event.requestId()).header(INVOKED_ARN, event.invokedArn());
        if (event.clientContext() != null) {
            head.header(CLIENT_CONTEXT, event.clientContext());
        }
        if (event.traceId() != null) {
            head.header(TRACE_ID, event.traceId());
        }
        if (event.tail()) {
            head.header(LOG_TYPE, "Tail");
        }
        AnswerSink sink = event.sink();
        if (sink != null) {
            head.header(RESPONSE_MODE, Wire.STREAMING);
        }
        return events.send(
                address.host(),
                address.port(),
                head,
                event.payload(),
                limitMs,
                sink == null ? null : new StreamedBody(sink));
    }

    /** An answer that the shim streams. */
    private record StreamedBody(AnswerSink sink) implements BodySink {
        @Override
        public boolean begin(Reply head) {
            if (head.status() != OK || head.header(Wire.STREAMED) == null) {
                return false;
            }
            sink.begin(head.header("Content-Type"));
            return true;
        }

        @Override
        public void piece(Buffer piece, Runnable taken) {
            sink.piece(piece, taken);
        }
    }

    private Head head(Known known) {
        InstanceAddress address = known.address();
        boolean old = isOfRelease010(address);
        return new Head(
                RequestBytes.post(address.host(), address.port(), Wire.INVOKE)
                        .header("Content-Type: ", "application/json")
                        .header(Wire.TOKEN + ": ", token(address, known.version(), old)),
                old);
    }

    private boolean isOfRelease010(InstanceAddress address) {
        return ofRelease010.getIfPresent(address) != null;
    }

    private Duration renewIn() {
        return tokens.renewIn();
    }

    private String token(InstanceAddress address, VersionKey version, boolean old) {
        return old ? tokens.ofRelease010(version) : tokens.of(version, address.pod());
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
        boolean old = isOfRelease010(address);
        return getOnce(address, uri, token(address, version, old), limitMs).compose(got -> {
            if (!isRefused(got.status(), old)) {
                return Future.succeededFuture(got);
            }
            remember(new Known(address, version));
            return getOnce(address, uri, token(address, version, true), limitMs);
        });
    }

    private Future<Got> getOnce(InstanceAddress address, String uri, String token, long limitMs) {
        return client.request(options(address, HttpMethod.GET, uri, token)
                        .setConnectTimeout(Math.min(limitMs, CONNECT_MS))
                        .setIdleTimeout(limitMs))
                .compose(request -> request.send())
                .compose(response -> response.body().map(body -> new Got(response.statusCode(), body)));
    }

    private RequestOptions options(InstanceAddress address, HttpMethod method, String uri, String token) {
        return new RequestOptions()
                .setMethod(method)
                .setHost(address.host())
                .setPort(address.port())
                .setURI(uri)
                .putHeader(Wire.TOKEN, token);
    }

    private static ShimAnswer answer(@Nullable Reply reply, @Nullable Throwable failure) {
        if (reply == null) {
            return failure instanceof NotConnectedException
                    ? new ShimAnswer.NotSent(words(failure))
                    : new ShimAnswer.Broken(words(failure));
        }
        String refused = reply.header(Wire.REFUSED);
        if (reply.status() == UNAVAILABLE && refused != null) {
            return new ShimAnswer.Refused(refused);
        }
        if (reply.status() != OK) {
            Buffer body = reply.body();
            return new ShimAnswer.Unexpected(reply.status(), body.getString(0, Math.min(body.length(), 500)));
        }
        String errorType = reply.header(Wire.ERROR_TYPE);
        return new ShimAnswer.Done(
                reply.header(Wire.STREAMED) == null ? reply.body() : errorBody(reply),
                errorType == null ? reply.header(Wire.FUNCTION_ERROR) : errorType,
                reply.header(Wire.LOG_RESULT),
                reply.header(Wire.TRACE_ID),
                micros(reply.header(Wire.DURATION_US)),
                reply.header(Wire.ENDING) != null);
    }

    private static Buffer errorBody(Reply reply) {
        String base64 = reply.header(Wire.ERROR_BODY);
        try {
            return Buffer.buffer(
                    base64 == null ? new byte[0] : Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException e) {
            return Buffer.buffer();
        }
    }

    private static long micros(@Nullable String header) {
        try {
            return header == null ? 0 : Long.parseLong(header);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static String words(@Nullable Throwable e) {
        return e == null || e.getMessage() == null ? String.valueOf(e) : e.getMessage();
    }
}
