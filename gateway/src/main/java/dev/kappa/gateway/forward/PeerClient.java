package dev.kappa.gateway.forward;

import dev.kappa.gateway.dispatch.Event;
import dev.kappa.gateway.peers.Peer;
import dev.kappa.http.LoopClient;
import dev.kappa.identity.InstanceTokens;
import dev.kappa.lambda.VersionKey;
import dev.kappa.wire.Wire;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Calls the internal listeners of other gateways. */
public final class PeerClient {
    /** Where an owner takes events: {@code …/<namespace>/<function>/<version>}. */
    static final String INVOCATIONS = "/internal/v1/invocations";

    /** Marks what came through another gateway, so that it is not passed on again. */
    static final String RELAYED = "X-Kappa-Relayed";

    /** The platform's token: proves that the call comes from another gateway. */
    static final String RELAYED_BY = "X-Kappa-Relayed-By";

    /** The address from which the shim called the gateway that passes the call on. */
    static final String HEARD_FROM = "X-Kappa-Heard-From";

    /** When the event came to the first gateway, epoch milliseconds. */
    static final String ARRIVED_AT = "X-Kappa-Arrived-At";

    /** Answer header of 503: the event did not run, ask the new owner. */
    static final String MOVED = "X-Kappa-Moved";

    private static final long HELLO_MS = 3000;
    /** The longest timeout of a function, its start and its wait. */
    private static final long EVENT_MS = 1_000_000;

    private final LoopClient client;
    private final InstanceTokens tokens;
    private final int port;

    /**
     * Calls other gateways.
     *
     * @param client its connections
     * @param tokens what it shows
     * @param port on which the others listen
     */
    public PeerClient(LoopClient client, InstanceTokens tokens, int port) {
        this.tokens = tokens;
        this.port = port;
        this.client = client;
    }

    Future<Forwarded> forward(Peer peer, Event event) {
        RequestOptions options = options(peer, HttpMethod.POST, path(event.version()))
                .setIdleTimeout(EVENT_MS)
                .putHeader(Wire.TOKEN, tokens.platform())
                .putHeader(Wire.REQUEST_ID, event.requestId())
                .putHeader(Wire.INVOKED_ARN, event.invokedArn())
                .putHeader(ARRIVED_AT, String.valueOf(event.arrivedAtMs()));
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
                        ? Future.<Forwarded>succeededFuture(new Forwarded.NotSent())
                        : connected
                                .result()
                                .send(event.payload())
                                .compose(PeerClient::read)
                                .recover(e -> Future.succeededFuture(new Forwarded.Broken(String.valueOf(e)))));
    }

    private static Future<Forwarded> read(HttpClientResponse response) {
        return response.body()
                .map(body -> response.getHeader(MOVED) != null
                        ? new Forwarded.Moved()
                        : new Forwarded.Answered(response.statusCode(), response.headers(), body));
    }

    /** Passes on what a shim says, to the owner. */
    Future<Integer> relay(Peer peer, String path, Buffer said, String token, String heardFrom) {
        return client.request(options(peer, HttpMethod.POST, path)
                        .setIdleTimeout(HELLO_MS)
                        .putHeader(Wire.TOKEN, token)
                        .putHeader(RELAYED, "1")
                        .putHeader(RELAYED_BY, tokens.platform())
                        .putHeader(HEARD_FROM, heardFrom))
                .compose(request -> request.send(said))
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
