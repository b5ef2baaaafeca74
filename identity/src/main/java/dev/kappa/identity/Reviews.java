package dev.kappa.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.kappa.lambda.AwsError;
import dev.kappa.lambda.RefusedException;
import dev.kappa.lambda.ThrottleReason;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Remembers what the API server answered: an answer that is good for a minute, or for two while the API server is away, a bad
 * one for seconds. An answer that is used is asked for again in time, so that nobody waits for it.
 *
 * @param <K> question
 * @param <V> answer
 */
final class Reviews<K, V> {
    static final Duration GOOD = Duration.ofMinutes(1);
    static final Duration GOOD_WHILE_AWAY = Duration.ofMinutes(2);
    static final Duration BAD = Duration.ofSeconds(5);
    private static final Duration AGAIN = Duration.ofSeconds(30);
    private static final int KEPT = 50_000;
    private static final int AT_A_TIME = 64;

    private record Kept<V>(V value, long atMs, boolean isGood) {}

    private final Predicate<V> isGood;
    private final Clock clock;
    private final Cache<K, Kept<V>> kept =
            Caffeine.newBuilder().maximumSize(KEPT).build();
    private final Map<K, CompletableFuture<V>> asked = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore free = new Semaphore(AT_A_TIME);

    /** Whether the last question was not answered. */
    private volatile boolean away;

    /**
     * @param isGood whether an answer lets the caller in
     */
    Reviews(Predicate<V> isGood, Clock clock) {
        this.isGood = isGood;
        this.clock = clock;
    }

    /**
     * The answer, from memory or from the API server.
     *
     * @param question by which it is remembered
     * @param call asks it; blocks; throws if there is no answer
     */
    CompletableFuture<V> get(K question, Supplier<V> call) {
        Kept<V> known = kept.getIfPresent(question);
        if (known == null) {
            return ask(question, call);
        }
        long age = clock.millis() - known.atMs();
        if (age < (known.isGood() ? GOOD : BAD).toMillis()) {
            if (known.isGood() && age >= AGAIN.toMillis()) {
                var _ = ask(question, call);
            }
            return CompletableFuture.completedFuture(known.value());
        }
        CompletableFuture<V> answer = ask(question, call);
        if (!known.isGood() || age >= GOOD_WHILE_AWAY.toMillis()) {
            return answer;
        }
        return away ? CompletableFuture.completedFuture(known.value()) : answer.exceptionally(e -> known.value());
    }

    /** Whether a good answer is remembered that counts, at least while the API server is away. */
    boolean remembersGood(K question) {
        Kept<V> known = kept.getIfPresent(question);
        return known != null && known.isGood() && clock.millis() - known.atMs() < GOOD_WHILE_AWAY.toMillis();
    }

    private CompletableFuture<V> ask(K question, Supplier<V> call) {
        CompletableFuture<V> answer = new CompletableFuture<>();
        CompletableFuture<V> before = asked.putIfAbsent(question, answer);
        if (before != null) {
            return before;
        }
        if (!free.tryAcquire()) {
            asked.remove(question, answer);
            answer.completeExceptionally(new RefusedException(AwsError.throttled(ThrottleReason.CALLER_RATE)));
            return answer;
        }
        threads.execute(() -> {
            try {
                V value = call.get();
                away = false;
                kept.put(question, new Kept<>(value, clock.millis(), isGood.test(value)));
                asked.remove(question, answer);
                answer.complete(value);
            } catch (RuntimeException e) {
                away = true;
                asked.remove(question, answer);
                answer.completeExceptionally(e);
            } finally {
                free.release();
            }
        });
        return answer;
    }
}
