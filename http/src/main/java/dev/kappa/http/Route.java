package dev.kappa.http;

import dev.kappa.identity.Access;
import dev.kappa.identity.Caller;
import io.vertx.core.http.HttpServerRequest;

/** A group of operations that a public port serves. */
public interface Route {
    /**
     * Whether a request is for this route.
     *
     * @param request any
     * @return whether method and path fit
     */
    boolean serves(HttpServerRequest request);

    /**
     * What a caller must be allowed.
     *
     * @param request one that {@link #serves} accepted
     * @return the access that the call needs
     */
    Access access(HttpServerRequest request);

    /**
     * Answers a call.
     *
     * @param request one that {@link #serves} accepted; its body was not read, and perhaps paused
     * @param caller who may make it
     */
    void handle(HttpServerRequest request, Caller caller);
}
