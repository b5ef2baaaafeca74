package dev.kappa.gateway.dispatch;

import io.vertx.core.http.HttpServerRequest;

/** A mutant: a class of the core that knows HTTP. */
public record KnowsHttp(HttpServerRequest request) {}
