package dev.kappa.identity;

import dev.kappa.identity.Proof.Proven;
import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.RefusedException;
import dev.kappa.wire.PlatformTokens;
import dev.kappa.wire.Wire;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Knows Kappa's own processes by their token. */
public final class PlatformAuthenticator implements Authenticator {
    private static final Proof PLATFORM = new Proven(new Caller("kappa"), null);

    private final PlatformTokens tokens;

    /**
     * Knows the processes of an installation.
     *
     * @param tokens checks what they show
     */
    public PlatformAuthenticator(PlatformTokens tokens) {
        this.tokens = tokens;
    }

    @Override
    public CompletionStage<Proof> authenticate(RequestHead head) {
        if (!tokens.proves(head.header(Wire.PLATFORM), head.header(Wire.TOKEN))) {
            throw new RefusedException(AwsError.accessDenied("Only Kappa's own processes may call this port."));
        }
        return CompletableFuture.completedFuture(PLATFORM);
    }
}
