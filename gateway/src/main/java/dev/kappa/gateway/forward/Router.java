package dev.kappa.gateway.forward;

import dev.kappa.gateway.dispatch.Answer;
import dev.kappa.gateway.dispatch.Dispatcher;
import dev.kappa.gateway.dispatch.Event;
import dev.kappa.gateway.peers.Peer;
import dev.kappa.gateway.peers.Ring;
import dev.kappa.http.ErrorWriter;
import dev.kappa.lambda.AwsError;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;

/** Brings an event to the gateway that owns its function, and the answer back. */
public final class Router {
    private static final int MAX_MOVES = 50;
    /** Time for the informer of the gateways to show the move here too. */
    private static final long MOVE_PAUSE_MS = 100;

    private final Vertx vertx;
    private final Ring ring;
    private final Dispatcher dispatcher;
    private final PeerClient peers;

    /**
     * A router.
     *
     * @param vertx runs it
     * @param ring names the owner
     * @param dispatcher runs what this gateway owns
     * @param peers reaches the others
     */
    public Router(Vertx vertx, Ring ring, Dispatcher dispatcher, PeerClient peers) {
        this.vertx = vertx;
        this.ring = ring;
        this.dispatcher = dispatcher;
        this.peers = peers;
    }

    /**
     * Runs an event and ends the response with its answer.
     *
     * @param event what to run
     * @param response of the caller, on whose event loop this is called
     */
    public void run(Event event, HttpServerResponse response) {
        route(event, response, vertx.getOrCreateContext(), MAX_MOVES);
    }

    private void route(Event event, HttpServerResponse response, Context context, int movesLeft) {
        Peer owner = ring.owner(event.version().functionKey());
        if (ring.isSelf(owner)) {
            take(dispatcher.submit(event), event, response, context, movesLeft);
            return;
        }
        peers.forward(owner, event).onSuccess(forwarded -> {
            switch (forwarded) {
                case Forwarded.Answered answered -> on(context, () -> relay(response, answered));
                case Forwarded.Moved moved -> again(event, response, context, movesLeft);
                // The informer of the gateways is late: what it tells next releases the event, or lets it run here.
                case Forwarded.NotSent notSent -> take(dispatcher.hold(event), event, response, context, movesLeft);
                case Forwarded.Broken broken ->
                    on(
                            context,
                            () -> ErrorWriter.write(
                                    response,
                                    AwsError.service(
                                            502,
                                            "The gateway that ran the event went away (" + broken.cause()
                                                    + "). It may have run: retry it if it is idempotent.")));
            }
        });
    }

    private void take(
            Future<Answer> running, Event event, HttpServerResponse response, Context context, int movesLeft) {
        running.onSuccess(answer -> {
            if (answer instanceof Answer.Moved) {
                again(event, response, context, movesLeft);
            } else {
                on(context, () -> AnswerWriter.write(response, event.version().version(), answer));
            }
        });
    }

    private void again(Event event, HttpServerResponse response, Context context, int movesLeft) {
        if (movesLeft == 0) {
            on(context, () -> AnswerWriter.write(response, event.version().version(), new Answer.Moved()));
        } else {
            vertx.setTimer(MOVE_PAUSE_MS, id -> route(event, response, context, movesLeft - 1));
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
