package dev.kappa.http;

import dev.kappa.wire.PlatformTokens;
import dev.kappa.wire.PlatformTokens.Shown;
import dev.kappa.wire.Wire;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;

/** Calls between processes of the platform, who prove themselves to each other by {@link PlatformTokens}. */
public final class PlatformCalls {
    private PlatformCalls() {}

    /**
     * Adds what proves the caller.
     *
     * @param call to the process that is meant
     * @param shown made for it
     * @return the same call
     */
    public static RequestOptions show(RequestOptions call, Shown shown) {
        call.putHeader(Wire.PLATFORM, shown.token());
        return shown.old() == null ? call : call.putHeader(Wire.TOKEN, shown.old());
    }

    /**
     * The answer, if it comes from the process that is meant.
     *
     * @param answer what came
     * @param shown what the call showed
     * @return fails for the answer of somebody else
     */
    public static Future<HttpClientResponse> proven(HttpClientResponse answer, Shown shown) {
        if (shown.isAnsweredBy(answer.getHeader(Wire.PROOF))) {
            return Future.succeededFuture(answer);
        }
        answer.request().reset();
        return Future.failedFuture("who answered does not prove to be of this installation");
    }

    /**
     * Proves to callers from the platform who answers.
     *
     * @param tokens of this process
     * @param next serves the calls, whoever makes them
     * @return serves them with the proof
     */
    public static Handler<HttpServerRequest> answering(PlatformTokens tokens, Handler<HttpServerRequest> next) {
        return request -> {
            tokens.answer(request.getHeader(Wire.PLATFORM))
                    .ifPresent(proof -> request.response().putHeader(Wire.PROOF, proof));
            next.handle(request);
        };
    }
}
