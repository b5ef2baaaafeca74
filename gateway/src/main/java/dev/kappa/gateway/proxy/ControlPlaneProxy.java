package dev.kappa.gateway.proxy;

import dev.kappa.http.BodyReader;
import dev.kappa.http.ErrorWriter;
import dev.kappa.http.LoopClient;
import dev.kappa.http.PlatformCalls;
import dev.kappa.http.SourceAddress;
import dev.kappa.lambda.AwsError;
import dev.kappa.wire.PlatformTokens;
import dev.kappa.wire.PlatformTokens.Shown;
import dev.kappa.wire.Wire;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes what is not an event on to the control plane as it came: Host, path, query and body stay what the caller signed. Bodies
 * flow both ways as fast as the slower side takes them.
 */
public final class ControlPlaneProxy implements Handler<HttpServerRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(ControlPlaneProxy.class);

    /** The first call also looks the name up, which takes more than a second while a busy node starts. */
    private static final int CONNECT_MS = 5_000;

    /** PublishVersion may take 20 s, and a package its time on the way to the disk. */
    private static final long SILENCE_MS = 120_000;

    /** Those that concern one connection, and Expect, which the gateway has answered. */
    private static final List<String> HOP_BY_HOP = List.of(
            "Connection",
            "Keep-Alive",
            "Proxy-Authenticate",
            "Proxy-Authorization",
            "Proxy-Connection",
            "TE",
            "Trailer",
            "Transfer-Encoding",
            "Upgrade",
            "Expect");

    /** The gateway's own towards kappa-api; of callers they mean nothing. */
    private static final List<String> PROOFS = List.of(Wire.PLATFORM, Wire.TOKEN, Wire.PROOF);

    private final LoopClient client;
    private final URI controlPlane;
    private final SourceAddress addresses;
    private final PlatformTokens platform;

    /**
     * A proxy.
     *
     * @param client of the process
     * @param controlPlane base address of kappa-api
     * @param addresses tells where calls come from, which kappa-api is told
     * @param platform by which kappa-api believes that
     */
    public ControlPlaneProxy(LoopClient client, URI controlPlane, SourceAddress addresses, PlatformTokens platform) {
        this.client = client;
        this.controlPlane = controlPlane;
        this.addresses = addresses;
        this.platform = platform;
    }

    @Override
    public void handle(HttpServerRequest request) {
        request.pause();
        Shown shown = platform.to(PlatformTokens.API);
        MultiMap headers = endToEnd(request.headers()).set(SourceAddress.PASSED_ON, addresses.of(request));
        RequestOptions options = new RequestOptions()
                .setMethod(request.method())
                .setHost(controlPlane.getHost())
                .setPort(controlPlane.getPort())
                .setURI(request.uri())
                .setHeaders(headers)
                .setConnectTimeout(CONNECT_MS)
                .setIdleTimeout(SILENCE_MS);
        client.request(PlatformCalls.show(options, shown))
                .onSuccess(passed -> passOn(request, passed, shown))
                .onFailure(e ->
                        refuse(request, "cannot be reached (" + e.getMessage() + "): nothing was done. Try again."));
    }

    private static void passOn(HttpServerRequest request, HttpClientRequest passed, Shown shown) {
        request.response().closeHandler(v -> passed.reset());
        passed.response()
                .compose(answer -> PlatformCalls.proven(answer, shown))
                .onSuccess(answer -> passBack(answer, request.response()))
                .onFailure(e -> refuse(
                        request,
                        "broke off (" + e.getMessage()
                                + "): the call may have been carried out. Look before you try it again."));
        if (!hasBody(request)) {
            request.resume();
            passed.end().onFailure(e -> LOG.debug("A call was not passed on", e));
            return;
        }
        if (request.getHeader(HttpHeaders.CONTENT_LENGTH) == null) {
            passed.setChunked(true);
        }
        // A body that broke off must not look like one that ended.
        request.pipe().endOnFailure(false).to(passed).onFailure(e -> passed.reset());
    }

    private static boolean hasBody(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null || (length != null && !length.equals("0"));
    }

    private static void passBack(HttpClientResponse answer, HttpServerResponse response) {
        if (response.ended() || response.closed()) {
            answer.request().reset();
            return;
        }
        response.setStatusCode(answer.statusCode());
        response.headers().addAll(endToEnd(answer.headers()));
        boolean empty = answer.statusCode() == 204 || answer.statusCode() == 304;
        if (!empty && answer.getHeader(HttpHeaders.CONTENT_LENGTH) == null) {
            response.setChunked(true);
        }
        answer.pipe().endOnFailure(false).to(response).onFailure(e -> {
            answer.request().reset();
            response.reset();
        });
    }

    private static MultiMap endToEnd(MultiMap headers) {
        MultiMap kept = HttpHeaders.headers().addAll(headers);
        for (String listed : headers.getAll(HttpHeaders.CONNECTION)) {
            for (String name : listed.split(",", -1)) {
                kept.remove(name.strip());
            }
        }
        HOP_BY_HOP.forEach(kept::remove);
        PROOFS.forEach(kept::remove);
        return kept;
    }

    private static void refuse(HttpServerRequest request, String why) {
        BodyReader.discard(request, 0);
        if (request.response().headWritten()) {
            return;
        }
        ErrorWriter.write(request.response(), AwsError.service(503, "The control plane (kappa-api) " + why));
    }
}
