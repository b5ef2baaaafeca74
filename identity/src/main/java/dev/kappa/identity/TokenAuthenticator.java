package dev.kappa.identity;

import dev.kappa.identity.Proof.Proven;
import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.RefusedException;
import dev.kappa.lambda.signature.SigningKey;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Knows callers by a bearer token of Kubernetes, which the API server reviews. */
final class TokenAuthenticator {
    private static final Pattern EXPIRY = Pattern.compile("\"exp\"\\s*:\\s*([0-9]{1,15})[,}\\s.]");
    private static final int LONGEST = 16 * 1024;

    /** By the digest of the token, which is not kept itself. */
    private final Reviews<String, Optional<Caller>> known;

    private final TokenReviews reviews;
    private final Clock clock;

    TokenAuthenticator(TokenReviews reviews, Clock clock) {
        this.known = new Reviews<>(Optional::isPresent, clock);
        this.reviews = reviews;
        this.clock = clock;
    }

    CompletionStage<Proof> authenticate(String token) {
        if (token.isEmpty() || token.length() > LONGEST) {
            throw new RefusedException(AwsError.unrecognizedClient());
        }
        // The API server reads the claim too; what it said before may have been said before the expiry.
        if (expiry(token).filter(it -> !clock.instant().isBefore(it)).isPresent()) {
            throw new RefusedException(AwsError.expiredToken());
        }
        String digest = SigningKey.payloadHash(token.getBytes(StandardCharsets.UTF_8));
        CompletableFuture<Optional<Caller>> reviewed = known.get(digest, () -> reviews.review(token));
        return reviewed.handle((caller, failure) -> {
            if (caller == null) {
                throw refusal(failure);
            }
            return new Proven(caller.orElseThrow(() -> new RefusedException(AwsError.unrecognizedClient())), null);
        });
    }

    private static RefusedException refusal(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof RefusedException refused
                ? refused
                : new RefusedException(AwsError.service(
                        503, "The API server does not answer whose the token is (" + cause + "). Try again."));
    }

    /** The claim {@code exp} of a JSON Web Token; empty for a token of another kind. */
    private static Optional<Instant> expiry(String token) {
        int first = token.indexOf('.');
        int second = token.indexOf('.', first + 1);
        if (first < 0 || second < 0) {
            return Optional.empty();
        }
        try {
            byte[] claims = Base64.getUrlDecoder().decode(token.substring(first + 1, second));
            Matcher expiry = EXPIRY.matcher(new String(claims, StandardCharsets.UTF_8));
            return expiry.find()
                    ? Optional.of(Instant.ofEpochSecond(Long.parseLong(expiry.group(1))))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
