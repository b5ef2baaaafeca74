package dev.kappa.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kappa.lambda.Accounts;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ReviewsTest {
    private static final Caller ADA = Caller.serviceAccount("default", "ada");
    private final Set<Access> allowed = ConcurrentHashMap.newKeySet();
    private final Queue<Access> asked = new ConcurrentLinkedQueue<>();
    private volatile boolean away;
    private final Time time = new Time();
    private final AccessAuthorizer authorizer =
            new AccessAuthorizer(this::answer, new Accounts("us-east-1", "default"), time);

    private static final class Time extends Clock {
        volatile Instant now = Instant.parse("2026-11-26T12:00:00Z");

        void pass(Duration some) {
            now = now.plus(some);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    private boolean answer(Caller caller, Access access) {
        if (away) {
            throw new IllegalStateException("connection refused");
        }
        asked.add(access);
        return allowed.contains(access);
    }

    private static Access invocations(String name) {
        return new Access("create", "functions/invocations", "default", name);
    }

    private void authorize(String function) {
        authorizer
                .authorize(
                        ADA,
                        Action.INVOKE.on(
                                new Target("default", function, null),
                                "arn:aws:lambda:us-east-1:000000000000:function:" + function))
                .toCompletableFuture()
                .join();
    }

    private void isRefused(String function, String text) {
        assertThatThrownBy(() -> authorize(function))
                .isInstanceOf(CompletionException.class)
                .hasMessageContaining(text);
    }

    @Test
    void wideRightsAreAskedForOnce() {
        allowed.add(invocations(""));

        for (int i = 0; i < 100; i++) {
            authorize("f" + i);
        }

        assertThat(asked).containsExactly(invocations(""));
    }

    @Test
    void aNamedRightIsOfThatFunctionOnly() {
        allowed.add(invocations("mine"));

        authorize("mine");
        authorize("mine");

        assertThat(asked).containsExactly(invocations(""), invocations("mine"));
        isRefused(
                "other",
                "User: arn:aws:iam::000000000000:role/ada is not authorized to perform: lambda:InvokeFunction on"
                        + " resource: arn:aws:lambda:us-east-1:000000000000:function:other because no role that is bound"
                        + " to system:serviceaccount:default:ada allows it to create functions/invocations.kappa.dev"
                        + " other");
    }

    @Test
    void aRightThatIsTakenAwayEndsWithinAMinute() {
        allowed.add(invocations("mine"));
        authorize("mine");
        allowed.clear();

        time.pass(Duration.ofSeconds(61));

        isRefused("mine", "AccessDeniedException");
    }

    @Test
    void aRightThatIsGivenCountsWithinSeconds() {
        isRefused("mine", "AccessDeniedException");
        allowed.add(invocations("mine"));

        time.pass(Duration.ofSeconds(6));

        authorize("mine");
    }

    @Test
    void knownCallersGoOnForAMinuteWithoutTheApiServer() {
        allowed.add(invocations("mine"));
        authorize("mine");
        time.pass(Duration.ofSeconds(59));
        away = true;

        for (int second = 0; second < 60; second++) {
            authorize("mine");
            time.pass(Duration.ofSeconds(1));
        }

        isRefused("other", "ServiceException");
        time.pass(Duration.ofSeconds(2));
        isRefused("mine", "ServiceException");
        away = false;
        authorize("mine");
    }

    @Test
    void everyAccessOfACallIsNeeded() {
        Permission redrive = Action.REDRIVE_DEAD_LETTERS.on(new Target("default", "mine", null), "arn");
        allowed.add(new Access("create", "functions/dead-letters", "default", "mine"));

        assertThatThrownBy(() ->
                        authorizer.authorize(ADA, redrive).toCompletableFuture().join())
                .hasMessageContaining("functions/invocations");
        time.pass(Duration.ofSeconds(6));
        allowed.add(invocations("mine"));
        authorizer.authorize(ADA, redrive).toCompletableFuture().join();
    }

    @Test
    void aTokenIsReviewedOnceAMinuteAndEndsWithItsExpiry() {
        Queue<String> reviewed = new ConcurrentLinkedQueue<>();
        CallerAuthenticator authenticator = new CallerAuthenticator(
                new AccessKeys(),
                SignedRequests.NO_SESSIONS,
                token -> {
                    reviewed.add(token);
                    return token.endsWith(".good") ? Optional.of(ADA) : Optional.empty();
                },
                "us-east-1",
                "lambda",
                time);
        String good = token(time.now.plusSeconds(40)) + ".good";

        assertThat(caller(authenticator, good)).isEqualTo(ADA);
        assertThat(caller(authenticator, good)).isEqualTo(ADA);
        assertThat(reviewed).containsExactly(good);
        assertThatThrownBy(() -> caller(authenticator, token(time.now.plusSeconds(40)) + ".bad"))
                .hasMessageContaining("UnrecognizedClientException");
        time.pass(Duration.ofSeconds(40));
        assertThatThrownBy(() -> caller(authenticator, good)).hasMessageContaining("ExpiredTokenException");
    }

    private static String token(Instant expiry) {
        String claims = "{\"aud\":[\"kappa\"],\"exp\":" + expiry.getEpochSecond() + "}";
        return "e30." + Base64.getUrlEncoder().encodeToString(claims.getBytes(StandardCharsets.UTF_8));
    }

    private static Caller caller(CallerAuthenticator authenticator, String token) {
        var head = new SignedRequests.Head("GET", "/", Map.of("Authorization", List.of("Bearer " + token)));
        return ((Proof.Proven)
                        authenticator.authenticate(head).toCompletableFuture().join())
                .caller();
    }
}
