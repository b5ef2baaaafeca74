package dev.kappa.shim.java;

import com.amazonaws.services.lambda.runtime.Context;
import dev.kappa.shim.core.StreamedAnswer;
import org.jspecify.annotations.Nullable;

/** A loaded Java handler: payload in, payload out. */
public interface Handler {
    /**
     * Runs the handler.
     *
     * @param stream takes the answer as it is written, null if all of it is to be returned
     * @return the answer, or what of it the stream did not get
     * @throws Throwable whatever it throws
     */
    byte[] handle(byte[] payload, Context context, @Nullable StreamedAnswer stream) throws Throwable;
}
