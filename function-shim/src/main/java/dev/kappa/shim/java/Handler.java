package dev.kappa.shim.java;

import com.amazonaws.services.lambda.runtime.Context;

/** A loaded Java handler: payload in, payload out. */
public interface Handler {
    /**
     * Runs the handler.
     *
     * @throws Throwable whatever it throws
     */
    byte[] handle(byte[] payload, Context context) throws Throwable;
}
