package dev.kappa.gateway.forward;

import dev.kappa.gateway.dispatch.Answer;
import dev.kappa.gateway.dispatch.Dispatcher;
import dev.kappa.gateway.dispatch.Event;
import dev.kappa.gateway.dispatch.Reservation;
import dev.kappa.gateway.peers.Peer;
import dev.kappa.gateway.peers.Ring;
import dev.kappa.http.ErrorWriter;
import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.ThrottleReason;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import java.util.Optional;

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

    /** One event on its way to its owner. */
    private record Journey(Event event, HttpServerResponse response, Context context, long untilMs) {
        void end(Answer answer) {
            on(context, () -> AnswerWriter.write(response, event.version().version(), answer));
        }
    }

    /**
     * Runs an event and ends the response with its answer.
     *
     * @param event what to run
     * @param response of the caller, on whose event loop this is called
     */
    public void run(Event event, HttpServerResponse response) {
        route(
                new Journey(event, response, vertx.getOrCreateContext(), System.currentTimeMillis() + patienceMs),
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
        peers.forward(owner, journey.event())
                .onComplete(ended -> bytes.get().release())
                .onSuccess(forwarded -> {
                    switch (forwarded) {
                        case Forwarded.Answered answered ->
                            on(journey.context(), () -> relay(journey.response(), answered));
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
                            on(
                                    journey.context(),
                                    () -> ErrorWriter.write(
                                            journey.response(),
                                            AwsError.service(
                                                    502,
                                                    "The gateway that ran the event went away (" + broken.cause()
                                                            + "). It may have run: retry it if it is idempotent.")));
                    }
                });
    }

    /** Asks who owns the function after a pause, ever longer ones, until the caller's patience ends. */
    private void again(Journey journey, long pauseMs, Answer otherwise) {
        if (System.currentTimeMillis() + pauseMs > journey.untilMs()) {
            journey.end(otherwise);
        } else if (!journey.response().closed()) {
            vertx.setTimer(pauseMs, id -> route(journey, Math.min(LONGEST_PAUSE_MS, pauseMs * 3 / 2)));
        }
    }

    private static void relay(HttpServerResponse response, Forwarded.Answered answered) {
        if (response.ended() || response.closed()) {
            return;
        }
        response.setStatusCode(answered.status());
        answered.headers().forEach((name, value) -> {
            if (!name.equalsIgnoreCase("Content-Length")
                    && !name.equalsIgnoreCase("Connection")
                    && !name.equalsIgnoreCase("Transfer-Encoding")) {
                response.putHeader(name, value);
            }
        });
        response.end(answered.body());
    }

    static void on(Context context, Runnable action) {
        if (context.equals(Vertx.currentContext())) {
            action.run();
        } else {
            context.runOnContext(v -> action.run());
        }
    }
}
