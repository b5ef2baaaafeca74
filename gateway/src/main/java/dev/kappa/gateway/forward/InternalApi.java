package dev.kappa.gateway.forward;

import dev.kappa.gateway.dispatch.Answer;
import dev.kappa.gateway.dispatch.Dispatcher;
import dev.kappa.gateway.dispatch.Event;
import dev.kappa.gateway.packages.PackageDownloads;
import dev.kappa.gateway.peers.Ring;
import dev.kappa.http.BodyReader;
import dev.kappa.http.ErrorWriter;
import dev.kappa.http.HomeLoop;
import dev.kappa.identity.InstanceTokens;
import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.Quotas;
import dev.kappa.lambda.RefusedException;
import dev.kappa.lambda.RequestIds;
import dev.kappa.lambda.VersionKey;
import dev.kappa.wire.PlatformTokens;
import dev.kappa.wire.Wire;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The internal listener: hellos and farewells, events of other gateways, packages; every call shows a token. */
public final class InternalApi implements Handler<HttpServerRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(InternalApi.class);
    private static final int HELLO_LIMIT = 64 * 1024;

    private final Vertx vertx;
    private final Dispatcher dispatcher;
    private final InstanceApi instances;
    private final PlatformTokens platform;
    private final PackageDownloads packages;
    private final RoleCredentials credentials;

    /**
     * The listener's handler.
     *
     * @param vertx runs it
     * @param ring names owners
     * @param dispatcher runs events
     * @param peers relays hellos
     * @param tokens checks instances
     * @param platform checks gateways and operators
     * @param packages serves packages
     * @param credentials gives credentials of roles
     * @param shimPort on which every shim listens; empty if each says its own
     */
    public InternalApi(
            Vertx vertx,
            Ring ring,
            Dispatcher dispatcher,
            PeerClient peers,
            InstanceTokens tokens,
            PlatformTokens platform,
            PackageDownloads packages,
            RoleCredentials credentials,
            OptionalInt shimPort) {
        this.vertx = vertx;
        this.dispatcher = dispatcher;
        this.instances = new InstanceApi(ring, dispatcher, peers, tokens, platform, shimPort);
        this.platform = platform;
        this.packages = packages;
        this.credentials = credentials;
    }

    @Override
    public void handle(HttpServerRequest request) {
        String path = String.valueOf(request.path());
        if (path.equals(Wire.HELLO) && HttpMethod.POST.equals(request.method())) {
            BodyReader.read(request, HELLO_LIMIT, AwsError.tooLarge(HELLO_LIMIT))
                    .onSuccess(body -> instances.hello(request, body))
                    .onFailure(e -> refuse(request, e));
        } else if (path.equals(Wire.FAREWELL) && HttpMethod.POST.equals(request.method())) {
            BodyReader.read(request, HELLO_LIMIT, AwsError.tooLarge(HELLO_LIMIT))
                    .onSuccess(body -> instances.farewell(request, body))
                    .onFailure(e -> refuse(request, e));
        } else if (path.equals(Wire.CREDENTIALS) && HttpMethod.POST.equals(request.method())) {
            BodyReader.read(request, HELLO_LIMIT, AwsError.tooLarge(HELLO_LIMIT))
                    .onSuccess(body -> credentials.handle(request, body))
                    .onFailure(e -> refuse(request, e));
        } else if (path.startsWith(PeerClient.INVOCATIONS + "/") && HttpMethod.POST.equals(request.method())) {
            BodyReader.read(request, Quotas.SYNC_PAYLOAD_BYTES, AwsError.tooLarge(Quotas.SYNC_PAYLOAD_BYTES))
                    .onSuccess(body -> invoke(request, body))
                    .onFailure(e -> refuse(request, e));
        } else if (path.startsWith(Wire.PACKAGES + "/")) {
            packages.internal(request, path.substring(Wire.PACKAGES.length() + 1));
        } else {
            ErrorWriter.write(
                    request.response(),
                    AwsError.unknownOperation("Nothing is served under " + request.method() + " " + path));
        }
    }

    private void invoke(HttpServerRequest request, Buffer payload) {
        HttpServerResponse response = request.response();
        List<String> parts = List.of(
                request.path().substring(PeerClient.INVOCATIONS.length() + 1).split("/", -1));
        if (!platform.proves(request.getHeader(Wire.PLATFORM), request.getHeader(Wire.TOKEN))) {
            ErrorWriter.write(response, AwsError.accessDenied("Only gateways may forward events"));
            return;
        }
        if (parts.size() != 3) {
            ErrorWriter.write(response, AwsError.unknownOperation("The path must end with namespace/function/version"));
            return;
        }
        boolean streams = Wire.STREAMING.equals(request.getHeader(Wire.RESPONSE_MODE));
        Event event = new Event(
                requestId(request),
                new VersionKey(parts.get(0), parts.get(1), URLDecoder.decode(parts.get(2), StandardCharsets.UTF_8)),
                payload,
                header(request, Wire.INVOKED_ARN, ""),
                request.getHeader(Wire.CLIENT_CONTEXT),
                request.getHeader(Wire.TRACE_ID),
                "Tail".equals(request.getHeader(Wire.LOG_TYPE)),
                milliseconds(request, PeerClient.ARRIVED_AT, System.currentTimeMillis()),
                request.getHeader(PeerClient.WAITS_UNTIL) != null,
                milliseconds(request, PeerClient.WAITS_UNTIL, 0));
        HomeLoop home = HomeLoop.here(vertx);
        response.putHeader("x-amzn-RequestId", event.requestId());
        EventStreamWriter writer =
                streams ? new EventStreamWriter(response, home, event.version().version()) : null;
        dispatcher
                .submit(writer == null ? event : event.streamedTo(writer))
                .onSuccess(answer -> home.run(() -> {
                    if (answer instanceof Answer.Moved) {
                        response.putHeader(PeerClient.MOVED, "1")
                                .setStatusCode(503)
                                .end();
                    } else if (writer != null) {
                        writer.end(answer);
                    } else {
                        AnswerWriter.write(response, event.version().version(), answer);
                    }
                }));
    }

    private static String requestId(HttpServerRequest request) {
        String given = request.getHeader(Wire.REQUEST_ID);
        return given == null ? RequestIds.next() : given;
    }

    private static String header(HttpServerRequest request, String name, String otherwise) {
        String value = request.getHeader(name);
        return value == null ? otherwise : value;
    }

    private static long milliseconds(HttpServerRequest request, String name, long otherwise) {
        try {
            return Long.parseLong(header(request, name, ""));
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }

    private static void refuse(HttpServerRequest request, Throwable e) {
        if (e instanceof RefusedException refused) {
            ErrorWriter.write(request.response(), refused.error());
            return;
        }
        LOG.error("An internal call failed", e);
        ErrorWriter.write(request.response(), AwsError.service(500, "The gateway failed: " + e));
    }
}
