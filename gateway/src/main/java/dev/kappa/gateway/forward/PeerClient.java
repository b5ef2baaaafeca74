package dev.kappa.gateway.forward;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.kappa.gateway.dispatch.Event;
import dev.kappa.gateway.peers.Peer;
import dev.kappa.http.BodySink;
import dev.kappa.http.ExchangeClient;
import dev.kappa.http.LoopClient;
import dev.kappa.http.NotConnectedException;
import dev.kappa.http.PlatformCalls;
import dev.kappa.http.Reply;
import dev.kappa.http.RequestBytes;
import dev.kappa.lambda.VersionKey;
import dev.kappa.wire.PlatformTokens;
import dev.kappa.wire.PlatformTokens.Shown;
import dev.kappa.wire.Wire;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Calls the internal listeners of other gateways. */
public final class PeerClient {
    /** Where an owner takes events: {@code …/<namespace>/<function>/<version>}. */
    static final String INVOCATIONS = "/internal/v1/invocations";

    /** Marks what came through another gateway, so that it is not passed on again. */
    static final String RELAYED = "X-Kappa-Relayed";

    /** The address from which the shim called the gateway that passes the call on. */
    static final String HEARD_FROM = "X-Kappa-Heard-From";

    /** When the event came to the first gateway, epoch milliseconds. */
    static final String ARRIVED_AT = "X-Kappa-Arrived-At";

    /** Of an event without a caller: until when it waits for an instance, epoch milliseconds. */
    static final String WAITS_UNTIL = "X-Kappa-Waits-Until";

    /** Answer header of 503: the event did not run, ask the new owner. */
    static final String MOVED = "X-Kappa-Moved";

    private static final long HELLO_MS = 3000;
    /** The longest timeout of a function, its start and its wait. */
    private static final long EVENT_MS = 1_000_000;

    private static final int MOST_VERSIONS = 2_000;

    private static final String REQUEST_ID = Wire.REQUEST_ID + ": ";
    private static final String INVOKED_ARN = Wire.INVOKED_ARN + ": ";
    private static final String ARRIVED = ARRIVED_AT + ": ";
    private static final String WAITS = WAITS_UNTIL + ": ";
    private static final String CLIENT_CONTEXT = Wire.CLIENT_CONTEXT + ": ";
    private static final String TRACE_ID = Wire.TRACE_ID + ": ";
    private static final String RESPONSE_MODE = Wire.RESPONSE_MODE + ": ";
    private static final String LOG_TYPE = Wire.LOG_TYPE + ": ";

    private final LoopClient client;
    private final ExchangeClient events;
    private final PlatformTokens platform;
    /** What is the same in the requests of all events of a version. */
    private final LoadingCache<Known, Head> heads = Caffeine.newBuilder()
            .maximumSize(MOST_VERSIONS)
            .expireAfter(Expiry.<Known, Head>creating((known, head) -> renewIn()))
            .build(this::head);

    private record Known(String host, VersionKey version) {}

    private record Head(RequestBytes bytes, Shown shown) {}

    /** An answer that comes in pieces; whose peer does not prove itself is kept instead. */
    private record ProvenBody(BodySink sink, Shown shown) implements BodySink {
        @Override
        public boolean begin(Reply head) {
            return shown.isAnsweredBy(head.header(Wire.PROOF)) && sink.begin(head);
        }

        @Override
        public void piece(Buffer piece, Runnable taken) {
            sink.piece(piece, taken);
        }
    }

    private final int port;

    /**
     * Calls other gateways.
     *
     * @param client relays what shims say
     * @param events forwards events
     * @param platform what it shows
     * @param port on which the others listen
     */
    public PeerClient(LoopClient client, ExchangeClient events, PlatformTokens platform, int port) {
        this.events = events;
        this.platform = platform;
        this.port = port;
        this.client = client;
    }

    /**
     * Hands an event to its owner.
     *
     * @param relay takes the answer as it comes; null to keep all of it
     */
    Future<Forwarded> forward(Peer peer, Event event, @Nullable BodySink relay) {
        Head known = heads.get(new Known(peer.host(), event.version()));
        RequestBytes head = known.bytes()
                .copy()
                .header(REQUEST_ID, event.requestId())
                .header(INVOKED_ARN, event.invokedArn())
                .header(ARRIVED, Long.toString(event.arrivedAtMs()));
        if (event.clientContext() != null) {
            head.header(CLIENT_CONTEXT, event.clientContext());
        }
        if (event.traceId() != null) {
            head.header(TRACE_ID, event.traceId());
        }
        if (event.tail()) {
            head.header(LOG_TYPE, "Tail");
        }
        if (event.background()) {
            head.header(WAITS, Long.toString(event.waitsUntilMs()));
        }
        if (relay != null) {
            head.header(RESPONSE_MODE, Wire.STREAMING);
        }
        return events.send(
                        peer.host(),
                        port,
                        head,
                        event.payload(),
                        EVENT_MS,
                        relay == null ? null : new ProvenBody(relay, known.shown()))
                .transform(ended -> Future.succeededFuture(forwarded(ended.result(), ended.cause(), known.shown())));
    }

    private static Forwarded forwarded(@Nullable Reply reply, @Nullable Throwable failure, Shown shown) {
        if (reply == null) {
            return failure instanceof NotConnectedException
                    ? new Forwarded.NotSent()
                    : new Forwarded.Broken(String.valueOf(failure));
        }
        if (!shown.isAnsweredBy(reply.header(Wire.PROOF))) {
            return new Forwarded.Broken("who answered does not prove to be a gateway of this installation");
        }
        return reply.header(MOVED) != null ? new Forwarded.Moved() : new Forwarded.Answered(reply);
    }

    private Head head(Known known) {
        Shown shown = platform.to(known.host());
        RequestBytes bytes = RequestBytes.post(known.host(), port, path(known.version()))
                .header(Wire.PLATFORM + ": ", shown.token());
        return new Head(shown.old() == null ? bytes : bytes.header(Wire.TOKEN + ": ", shown.old()), shown);
    }

    private Duration renewIn() {
        return Duration.ofSeconds(platform.renewIn());
    }

    /** Passes on what a shim says, to the owner. */
    Future<Integer> relay(Peer peer, String path, Buffer said, String token, String heardFrom) {
        Shown shown = platform.to(peer.host());
        return client.request(options(peer, HttpMethod.POST, path)
                        .setIdleTimeout(HELLO_MS)
                        .putHeader(Wire.TOKEN, token)
                        .putHeader(Wire.PLATFORM, shown.token())
                        .putHeader(RELAYED, "1")
                        .putHeader(HEARD_FROM, heardFrom))
                .compose(request -> request.send(said))
                .compose(response -> PlatformCalls.proven(response, shown))
                .compose(response -> response.body().map(body -> response.statusCode()));
    }

    private static String path(VersionKey version) {
        return INVOCATIONS + "/" + version.namespace() + "/" + version.function() + "/"
                + URLEncoder.encode(version.version(), StandardCharsets.UTF_8);
    }

    private RequestOptions options(Peer peer, HttpMethod method, String uri) {
        return new RequestOptions()
                .setMethod(method)
                .setHost(peer.host())
                .setPort(port)
                .setURI(uri);
    }
}
