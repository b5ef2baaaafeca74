package dev.kappa.gateway.forward;

import dev.kappa.gateway.dispatch.Dispatcher;
import dev.kappa.gateway.dispatch.Heard;
import dev.kappa.gateway.dispatch.InstanceAddress;
import dev.kappa.gateway.peers.Peer;
import dev.kappa.gateway.peers.Ring;
import dev.kappa.http.ErrorWriter;
import dev.kappa.identity.InstanceTokens;
import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.VersionKey;
import dev.kappa.wire.Farewell;
import dev.kappa.wire.Hello;
import dev.kappa.wire.PlatformTokens;
import dev.kappa.wire.Wire;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.Json;
import java.net.InetAddress;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes what shims say of their instances, and brings it to the gateway that owns the function. */
final class InstanceApi {
    private static final Logger LOG = LoggerFactory.getLogger(InstanceApi.class);

    private static final long TELL_EVERY_NS = 10_000_000_000L;

    private final AtomicLong unprovenToldAt = new AtomicLong(System.nanoTime() - TELL_EVERY_NS);
    private final Ring ring;
    private final Dispatcher dispatcher;
    private final PeerClient peers;
    private final InstanceTokens tokens;
    private final PlatformTokens platform;
    private final OptionalInt shimPort;

    /**
     * @param shimPort on which every shim listens; empty in tests, whose shims say their own
     */
    InstanceApi(
            Ring ring,
            Dispatcher dispatcher,
            PeerClient peers,
            InstanceTokens tokens,
            PlatformTokens platform,
            OptionalInt shimPort) {
        this.ring = ring;
        this.dispatcher = dispatcher;
        this.peers = peers;
        this.tokens = tokens;
        this.platform = platform;
        this.shimPort = shimPort;
    }

    void hello(HttpServerRequest request, Buffer body) {
        decoded(request, body, Hello.class).ifPresent(hello -> {
            VersionKey version = new VersionKey(hello.namespace(), hello.function(), hello.version());
            asOwner(request, body, version, hello.pod(), () -> dispatcher.hello(hello, seen(request, hello)));
        });
    }

    void farewell(HttpServerRequest request, Buffer body) {
        decoded(request, body, Farewell.class).ifPresent(farewell -> {
            VersionKey version = new VersionKey(farewell.namespace(), farewell.function(), farewell.version());
            asOwner(request, body, version, farewell.pod(), () -> dispatcher.farewell(farewell));
        });
    }

    static <T> Optional<T> decoded(HttpServerRequest request, Buffer body, Class<T> type) {
        try {
            return Optional.of(Json.decodeValue(body, type));
        } catch (RuntimeException e) {
            ErrorWriter.write(
                    request.response(),
                    AwsError.invalidContent("The " + type.getSimpleName() + " is not understood: " + e.getMessage()));
            return Optional.empty();
        }
    }

    /**
     * Where the instance listens, if the connection proves it. A handler can say hello as well as its shim, and must not
     * aim the gateway's calls at others; behind source NAT nothing is proven, and the watch of pods tells the address.
     */
    private @Nullable InstanceAddress seen(HttpServerRequest request, Hello hello) {
        String from = relayedBy(request) ? request.getHeader(PeerClient.HEARD_FROM) : remoteHost(request);
        String claimed = String.valueOf(hello.address());
        int colon = claimed.lastIndexOf(':');
        if (from == null || colon < 0 || !isSameHost(from, claimed.substring(0, colon))) {
            tellUnproven(hello, from);
            return null;
        }
        try {
            return new InstanceAddress(
                    from,
                    shimPort.isPresent() ? shimPort.getAsInt() : Integer.parseInt(claimed.substring(colon + 1)),
                    hello.pod());
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private void tellUnproven(Hello hello, @Nullable String from) {
        long now = System.nanoTime();
        long last = unprovenToldAt.get();
        if (now - last > TELL_EVERY_NS && unprovenToldAt.compareAndSet(last, now)) {
            LOG.warn(
                    "The hello of pod {} came from {} and names the address {}: its events wait until the watch of pods tells"
                            + " the address. If this is the rule, the pod network hides addresses (source NAT) and cold"
                            + " starts take longer",
                    hello.pod(),
                    from,
                    hello.address());
        }
    }

    static boolean isSameHost(String connected, String claimed) {
        try {
            String bare = claimed.startsWith("[") && claimed.endsWith("]")
                    ? claimed.substring(1, claimed.length() - 1)
                    : claimed;
            return InetAddress.ofLiteral(connected).equals(InetAddress.ofLiteral(bare));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    static @Nullable String remoteHost(HttpServerRequest request) {
        return request.remoteAddress() == null ? null : request.remoteAddress().hostAddress();
    }

    /** Whether another gateway passed the call on; one of release 0.1.0 does not prove that it is one. */
    private boolean relayedBy(HttpServerRequest request) {
        return platform.answer(request.getHeader(Wire.PLATFORM)).isPresent();
    }

    /** Takes what a shim said, here or at the owner. */
    private void asOwner(HttpServerRequest request, Buffer body, VersionKey version, String pod, Supplier<Heard> take) {
        String token = request.getHeader(Wire.TOKEN);
        if (!tokens.proves(version, pod, token)) {
            refuse(
                    request,
                    AwsError.accessDenied("The token is not that of pod " + pod + " of " + version + ", or too old"));
            return;
        }
        Peer owner = ring.owner(version.functionKey());
        if (ring.isSelf(owner) || request.getHeader(PeerClient.RELAYED) != null) {
            answer(request, version, take.get());
            return;
        }
        peers.relay(owner, request.path(), body, token, String.valueOf(remoteHost(request)))
                .onSuccess(status -> request.response().setStatusCode(status).end())
                .onFailure(e -> refuse(
                        request, AwsError.service(503, "The owner " + owner.name() + " does not answer; try again.")));
    }

    private static void answer(HttpServerRequest request, VersionKey version, Heard heard) {
        switch (heard) {
            case TAKEN -> request.response().end();
            case NOT_OWNER ->
                refuse(request, AwsError.service(503, "This gateway does not own " + version + "; try again."));
            case FOREIGN_POD -> refuse(request, AwsError.accessDenied("The pod is not one of " + version));
            case TOO_MANY ->
                refuse(
                        request,
                        AwsError.service(503, version + " has too many instances; delete pods that nobody needs."));
        }
    }

    private static void refuse(HttpServerRequest request, AwsError error) {
        ErrorWriter.write(request.response(), error);
    }
}
