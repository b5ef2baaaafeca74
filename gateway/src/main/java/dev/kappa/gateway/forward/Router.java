package dev.kappa.gateway.forward;

import dev.kappa.gateway.dispatch.Answer;
import dev.kappa.gateway.dispatch.Dispatcher;
import dev.kappa.gateway.dispatch.Event;
import dev.kappa.gateway.dispatch.Reservation;
import dev.kappa.gateway.peers.Peer;
import dev.kappa.gateway.peers.Ring;
import dev.kappa.http.ErrorWriter;
import dev.kappa.http.HomeLoop;
import dev.kappa.http.Reply;
import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.ThrottleReason;
import dev.kappa.wire.Wire;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Brings an event to the gateway that owns its function, and the answer back. */
public final class Router {
    /** Time for the informer of the gateways to show the move here too. */
    private static final long FIRST_PAUSE_MS = 100;

    private static final long LONGEST_PAUSE_MS = 1_000;
    /** After about so many forwarded events a caller is asked for a new connection: a small part of what they cost. */
    private static final int FORWARDED_A_CONNECTION = 64;

    private final Vertx vertx;
    private final Ring ring;
    private final Dispatcher dispatcher;
    private final PeerClient peers;
    private final long patienceMs;
    private final AtomicInteger inHand = new AtomicInteger();

    /**
     * A router.
     *
     * @param vertx runs it
     * @param ring names the owner
     * @param dispatcher runs what this gateway owns
     * @param peers reaches the others
     * @param patienceMs how long an owner is looked for that takes the event, milliseconds
     */
    public Router(Vertx vertx, Ring ring, Dispatcher dispatcher, PeerClient peers, long patienceMs) {
        this.vertx = vertx;
        this.ring = ring;
        this.dispatcher = dispatcher;
        this.peers = peers;
        this.patienceMs = patienceMs;
    }

    /** One event on its way to its owner; it ends once. */
    private record Journey(
            Event event,
            HttpServerResponse response,
            HomeLoop home,
            @Nullable EventStreamWriter stream,
            long untilMs,
            AtomicInteger inHand) {
        void end(Answer answer) {
            if (stream == null) {
                end(() -> AnswerWriter.write(response, event.version().version(), answer));
            } else {
                end(() -> stream.end(answer));
            }
        }

        void end(Runnable write) {
            home.run(() -> {
                try {
                    write.run();
                } finally {
                    inHand.decrementAndGet();
                }
            });
        }
    }

    /**
     * Events whose callers have no answer yet, also those that another gateway runs.
     *
     * @return their number
     */
    public int inHand() {
        return inHand.get();
    }

    /**
     * Runs an event and ends the response with its answer.
     *
     * @param event what to run
     * @param response of the caller, on whose event loop this is called
     */
    public void run(Event event, HttpServerResponse response) {
        begin(event, response, HomeLoop.here(vertx), null);
    }

    /**
     * Runs an event and writes its answer as it comes, as an event stream.
     *
     * @param event what to run
     * @param response of the caller, on whose event loop this is called
     */
    public void stream(Event event, HttpServerResponse response) {
        HomeLoop home = HomeLoop.here(vertx);
        EventStreamWriter writer =
                new EventStreamWriter(response, home, event.version().version());
        begin(event.streamedTo(writer), response, home, writer);
    }

    private void begin(Event event, HttpServerResponse response, HomeLoop home, @Nullable EventStreamWriter stream) {
        inHand.incrementAndGet();
        route(
                new Journey(event, response, home, stream, System.currentTimeMillis() + patienceMs, inHand),
                FIRST_PAUSE_MS);
    }

    private void route(Journey journey, long pauseMs) {
        Event event = journey.event();
        Peer owner = ring.owner(event.version().functionKey());
        if (!ring.isSelf(owner)) {
            forward(owner, journey, pauseMs);
            return;
        }
        dispatcher.submit(event).onSuccess(answer -> {
            if (answer instanceof Answer.Moved) {
                again(journey, pauseMs, answer);
            } else {
                journey.end(answer);
            }
        });
    }

    private void forward(Peer owner, Journey journey, long pauseMs) {
        Optional<Reservation> bytes = dispatcher.reservePayload(journey.event());
        if (bytes.isEmpty()) {
            journey.end(new Answer.Throttled(ThrottleReason.CONCURRENT));
            return;
        }
        StreamRelay relay = journey.stream() == null ? null : new StreamRelay(journey.response(), journey.home());
        peers.forward(owner, journey.event(), relay)
                .onComplete(ended -> bytes.get().release())
                .onSuccess(forwarded -> {
                    switch (forwarded) {
                        case Forwarded.Answered answered
                        when relay != null -> streamed(journey, relay, answered.reply());
                        case Forwarded.Answered answered ->
                            journey.end(() -> relay(journey.response(), answered.reply()));
                        case Forwarded.Moved moved -> again(journey, pauseMs, new Answer.Moved());
                        // Its endpoint is gone or about to go: the informer of the gateways names another owner soon.
                        case Forwarded.NotSent notSent ->
                            again(
                                    journey,
                                    pauseMs,
                                    new Answer.Failed(
                                            503,
                                            "Gateway " + owner.name() + ", which runs the events of "
                                                    + journey.event().version()
                                                    + ", does not answer. The event did not run: try again."));
                        case Forwarded.Broken broken ->
                            journey.end(() -> brokeOff(journey.response(), relay, broken.cause()));
                    }
                });
    }

    private static void brokeOff(HttpServerResponse response, @Nullable StreamRelay relay, String cause) {
        if (relay != null && relay.hasBegun()) {
            relay.breakOff();
            return;
        }
        ErrorWriter.write(
                response,
                AwsError.service(
                        502,
                        "The gateway that ran the event went away (" + cause
                                + "). It may have run: retry it if it is idempotent."));
    }

    private static void streamed(Journey journey, StreamRelay relay, Reply reply) {
        if (reply.header(Wire.STREAMED) != null) {
            journey.end(relay::end);
        } else if (reply.status() != 200) {
            journey.end(() -> relay(journey.response(), reply));
        } else {
            // An owner of the release before, which does not know of streams, answered as to Invoke.
            journey.end(new Answer.Executed(
                    reply.body(),
                    reply.header("X-Amz-Function-Error"),
                    reply.header("X-Amz-Log-Result"),
                    reply.header(Wire.TRACE_ID),
                    null));
        }
    }

    /** Asks who owns the function after a pause, ever longer ones, until the caller's patience ends. */
    private void again(Journey journey, long pauseMs, Answer otherwise) {
        if (System.currentTimeMillis() + pauseMs > journey.untilMs()) {
            journey.end(otherwise);
        } else if (journey.response().closed()) {
            journey.end(() -> {});
        } else {
            vertx.setTimer(pauseMs, id -> route(journey, Math.min(LONGEST_PAUSE_MS, pauseMs * 3 / 2)));
        }
    }

    private static void relay(HttpServerResponse response, Reply reply) {
        if (response.ended() || response.closed()) {
            return;
        }
        copyHead(response, reply);
        if (ThreadLocalRandom.current().nextInt(FORWARDED_A_CONNECTION) == 0) {
            // The caller's next connection may lead to the owner; one that is kept here never would.
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        response.end(reply.body());
    }

    /** Status and headers, but for those of the connection. */
    static void copyHead(HttpServerResponse response, Reply reply) {
        response.setStatusCode(reply.status());
        List<String> headers = reply.headers();
        for (int i = 0; i < headers.size(); i += 2) {
            String name = headers.get(i);
            if (!isOfConnection(name)) {
                response.putHeader(name, headers.get(i + 1));
            }
        }
    }

    private static boolean isOfConnection(String header) {
        return header.equalsIgnoreCase("Content-Length")
                || header.equalsIgnoreCase("Connection")
                || header.equalsIgnoreCase("Transfer-Encoding");
    }
}
