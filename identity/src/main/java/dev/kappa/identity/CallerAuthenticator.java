package dev.kappa.identity;

import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.RefusedException;
import dev.kappa.lambda.signature.PresentedSignature;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Knows callers of a public port by a signature or by a bearer token; whoever shows neither is refused. */
public final class CallerAuthenticator implements Authenticator {
    private static final String BEARER = "Bearer ";

    private final SignatureAuthenticator signatures;
    private final TokenAuthenticator tokens;
    private final String service;

    /**
     * Knows nobody yet.
     *
     * @param keys whose signatures it knows
     * @param sessions opens the tokens of temporary credentials
     * @param reviews asks the API server whose a token is
     * @param region for which callers sign
     * @param service for which they sign, such as {@code lambda}
     * @param clock the time
     */
    public CallerAuthenticator(
            AccessKeys keys, SessionTokens sessions, TokenReviews reviews, String region, String service, Clock clock) {
        this.signatures = new SignatureAuthenticator(keys, sessions, region, clock);
        this.service = service;
        this.tokens = new TokenAuthenticator(reviews, clock);
    }

    @Override
    public CompletionStage<Proof> authenticate(RequestHead head) {
        Optional<PresentedSignature> signature = PresentedSignature.of(head);
        if (signature.isPresent()) {
            return CompletableFuture.completedFuture(signatures.authenticate(head, signature.get(), service));
        }
        @Nullable String authorization = head.header("Authorization");
        if (authorization == null || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            throw new RefusedException(AwsError.missingAuthentication());
        }
        if (head.values("Authorization").size() > 1) {
            throw new RefusedException(AwsError.accessDenied("There is more than one Authorization header: send one."));
        }
        return tokens.authenticate(authorization.substring(BEARER.length()).strip());
    }
}
