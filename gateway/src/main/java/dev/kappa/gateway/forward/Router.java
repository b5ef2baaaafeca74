package dev.kappa.gateway.forward;

import dev.kappa.gateway.dispatch.Answer;
import dev.kappa.gateway.dispatch.Dispatcher;
import dev.kappa.gateway.dispatch.Event;
import dev.kappa.gateway.dispatch.Reservation;
import dev.kappa.gateway.peers.Peer;
import dev.kappa.gateway.peers.Ring;
import dev.kappa.http.HomeLoop;
import dev.kappa.http.Reply;
import dev.kappa.lambda.ThrottleReason;
import dev.kappa.wire.Wire;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Brings an event to the gateway that owns its function, and the answer back. */
public final class Router {
    /** Time for the informer of the gateways to show the move here too. */
    private static final long FIRST_PAUSE_MS = 100;

    private static final long LONGEST_PAUSE_MS = 1_000;

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
    private record Journey(Event event, Receiver receiver, HomeLoop home, long untilMs, AtomicInteger inHand) {
        void end(Answer answer) {
            end(() -> receiver.answered(answer));
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
        run(
                event,
                HomeLoop.here(vertx),
                new InvokeReceiver(response, event.version().version()));
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
        run(event.streamedTo(writer), home, new StreamReceiver(response, home, writer));
    }

    /**
     * Runs an event.
     *
     * @param event what to run
     * @param home event loop of the caller, on which this is called
     * @param receiver gets what comes of it
     */
    public void run(Event event, HomeLoop home, Receiver receiver) {
        inHand.incrementAndGet();
        route(new Journey(event, receiver, home, System.currentTimeMillis() + patienceMs, inHand), FIRST_PAUSE_MS);
    }

    /**
     * Keeps the process for a caller whose event has ended, but whose answer is not written yet.
     *
     * @return to be run once, when it is
     */
    public Runnable hold() {
        inHand.incrementAndGet();
        return inHand::decrementAndGet;
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
        peers.forward(owner, journey.event(), journey.receiver().stream())
                .onComplete(ended -> bytes.get().release())
                .onSuccess(forwarded -> {
                    switch (forwarded) {
                        case Forwarded.Answered answered ->
                            journey.end(() -> journey.receiver().relayed(answered.reply()));
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
                            journey.end(() -> journey.receiver().brokeOff(broken.cause()));
                    }
                });
    }

    /** Asks who owns the function after a pause, ever longer ones, until the caller's patience ends. */
    private void again(Journey journey, long pauseMs, Answer otherwise) {
        if (System.currentTimeMillis() + pauseMs > journey.untilMs()) {
            journey.end(otherwise);
        } else if (journey.receiver().isGone()) {
            journey.end(() -> {});
        } else {
            vertx.setTimer(pauseMs, id -> route(journey, Math.min(LONGEST_PAUSE_MS, pauseMs * 3 / 2)));
        }
    }

    /** Status and headers, but for those that concern the connection between the gateways. */
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
                || header.equalsIgnoreCase("Transfer-Encoding")
                || header.equalsIgnoreCase(Wire.PROOF);
    }
}
