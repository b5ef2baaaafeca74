package dev.kappa.controlplane.signed;

import dev.kappa.identity.Authenticator;
import dev.kappa.identity.Caller;
import dev.kappa.identity.Proof;
import dev.kappa.identity.RequestHead;
import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.RefusedException;
import dev.kappa.lambda.signature.SigningKey;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Knows the callers of a service whose calls are all alike but for their bodies. */
public final class SignedCalls {
    private final Authenticator callers;

    /**
     * Of one service.
     *
     * @param callers knows callers by a signature for the service, and by a bearer token
     */
    public SignedCalls(Authenticator callers) {
        this.callers = callers;
    }

    /**
     * Who calls.
     *
     * @param head of the call
     * @param body of the call, which a signature covers
     * @return the caller, or a {@link RefusedException}; completes where it was called
     */
    public Future<Caller> caller(RequestHead head, Buffer body) {
        return here(() -> callers.authenticate(head)).map(proof -> switch (proof) {
            case Proof.OfBody signed -> signed.verify(sha256(body)).caller();
            case Proof.Proven known -> {
                if (known.bodySha256() != null && !known.bodySha256().equals(sha256(body))) {
                    throw new RefusedException(AwsError.invalidSignature(
                            "The provided 'x-amz-content-sha256' header does not match what was computed."));
                }
                yield known.caller();
            }
        });
    }

    /**
     * Goes on where the request is served, whoever completes the step.
     *
     * @param <T> what the step gives
     * @param step may refuse at once
     * @return its result
     */
    public static <T> Future<T> here(Supplier<? extends CompletionStage<T>> step) {
        try {
            return Future.fromCompletionStage(step.get(), Vertx.currentContext());
        } catch (RefusedException e) {
            return Future.failedFuture(e);
        }
    }

    private static String sha256(Buffer body) {
        return SigningKey.payloadHash(body.getBytes());
    }
}
