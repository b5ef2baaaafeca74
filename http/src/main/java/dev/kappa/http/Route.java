package dev.kappa.http;

import dev.kappa.identity.Permission;
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
     * @return what the call needs
     */
    Permission permission(HttpServerRequest request);

    /**
     * How large the body may be.
     *
     * @param request one that {@link #serves} accepted
     * @return its limit
     */
    BodyLimit limit(HttpServerRequest request);

    /**
     * Answers a call.
     *
     * @param request one that {@link #serves} accepted; its body was read, unless the route reads it itself: then it is perhaps
     *     paused
     * @param call who makes it, and its body
     */
    void handle(HttpServerRequest request, Call call);
}
