package dev.kappa.jetstream;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import dev.failsafe.RetryPolicyBuilder;
import dev.failsafe.function.CheckedSupplier;
import dev.kappa.stores.events.QueueException;
import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** How NATS is asked again that gave no answer: only for what may be done twice. */
final class Retries {
    private static final RetryPolicy<Object> FEW = RetryPolicy.builder()
            .handle(IOException.class, TimeoutException.class, IllegalStateException.class)
            .withMaxRetries(2)
            .withDelay(Duration.ofMillis(150))
            .build();

    private Retries() {}

    /**
     * Asks three times at most.
     *
     * @param what words for what NATS did not do
     * @throws JetStreamApiException if it answered that it does not do it
     * @throws QueueException if it did not answer
     */
    static <T extends @Nullable Object> T few(String what, CheckedSupplier<T> call)
            throws QueueException, JetStreamApiException {
        try {
            return Failsafe.with(FEW).get(call);
        } catch (IllegalStateException e) {
            throw NatsLink.refused(what, e);
        } catch (FailsafeException e) {
            switch (e.getCause()) {
                case JetStreamApiException answer -> throw answer;
                case QueueException refused -> throw refused;
                case InterruptedException interrupted -> {
                    Thread.currentThread().interrupt();
                    throw new QueueException("interrupted", interrupted);
                }
                case Exception cause -> throw NatsLink.refused(what, cause);
                case null, default -> throw e;
            }
        }
    }

    /** Tries without end, with a pause in between. */
    static RetryPolicyBuilder<Object> always(Duration pause) {
        return RetryPolicy.builder().withMaxRetries(-1).withDelay(pause);
    }
}
