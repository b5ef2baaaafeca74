package dev.kappa.http;

import dev.kappa.identity.Caller;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * A call that was admitted.
 *
 * @param caller who makes it
 * @param body all of it; empty for a route that reads it itself
 * @param bodySha256 for a route that reads the body itself: the digest that it must have, in hex, or null for any
 */
public record Call(Caller caller, Buffer body, @Nullable String bodySha256) {}
