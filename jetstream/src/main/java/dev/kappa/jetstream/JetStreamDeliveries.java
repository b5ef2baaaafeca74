package dev.kappa.jetstream;

import dev.kappa.stores.events.AsyncEvent;
import dev.kappa.stores.events.EventQueue.Deliveries;
import dev.kappa.stores.events.EventQueue.Delivery;
import dev.kappa.stores.events.QueueException;
import dev.kappa.stores.events.QueueKey;
import io.nats.client.ConsumerContext;
import io.nats.client.FetchConsumeOptions;
import io.nats.client.FetchConsumer;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamStatusCheckedException;
import io.nats.client.Message;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Pulls the messages of one queue. */
final class JetStreamDeliveries implements Deliveries {
    private static final Logger LOG = LoggerFactory.getLogger(JetStreamDeliveries.class);
    /** Of one pull: what all functions together may have on its way is what the memory bears. */
    private static final int MAX_BYTES = 2 << 20;

    private static final Duration ACK = Duration.ofSeconds(2);

    private final QueueKey queue;
    private final ConsumerContext consumer;
    private final Set<FetchConsumer> running;

    /** @param running the fetches of all queues, which a new connection ends */
    JetStreamDeliveries(QueueKey queue, ConsumerContext consumer, Set<FetchConsumer> running) {
        this.queue = queue;
        this.consumer = consumer;
        this.running = running;
    }

    @Override
    public void fetch(int max, Duration wait, Consumer<Delivery> each) throws QueueException, InterruptedException {
        FetchConsumeOptions options = FetchConsumeOptions.builder()
                .max(MAX_BYTES, max)
                .expiresIn(wait.toMillis())
                .build();
        long until = System.nanoTime() + wait.toNanos() / 2;
        int taken = 0;
        FetchConsumer fetch = null;
        try {
            fetch = consumer.fetch(options);
            running.add(fetch);
            for (Message message = fetch.nextMessage(); message != null; message = fetch.nextMessage()) {
                taken++;
                each.accept(new OneMessage(message, EventCodec.decode(message, queue)));
            }
        } catch (IOException | JetStreamApiException | JetStreamStatusCheckedException | IllegalStateException e) {
            throw NatsLink.refused("does not hand out events", e);
        } finally {
            close(fetch);
        }
        if (taken == 0 && System.nanoTime() < until) {
            // A consumer that is gone looks like one without events, only sooner.
            requireConsumer();
        }
    }

    private void requireConsumer() throws QueueException {
        try {
            consumer.getConsumerInfo();
        } catch (IOException | JetStreamApiException e) {
            throw NatsLink.refused("has no such queue any more", e);
        }
    }

    /** A fetch whose time is over does not end its subscription by itself. */
    private void close(@Nullable FetchConsumer fetch) throws QueueException {
        if (fetch == null) {
            return;
        }
        running.remove(fetch);
        try {
            fetch.close();
        } catch (Exception e) {
            throw NatsLink.refused("does not end a fetch", e);
        }
    }

    /** A message that was pulled. */
    private record OneMessage(Message message, EventCodec.Decoded decoded) implements Delivery {
        @Override
        public AsyncEvent event() {
            return decoded.event();
        }

        @Override
        public @Nullable String unreadable() {
            return decoded.unreadable();
        }

        @Override
        public long count() {
            return message.metaData().deliveredCount();
        }

        @Override
        public void inProgress() {
            whileConnected(message::inProgress);
        }

        @Override
        public void again(Duration delay) {
            whileConnected(() -> {
                if (delay.isZero()) {
                    message.nak();
                } else {
                    message.nakWithDelay(delay);
                }
            });
        }

        @Override
        public void done() throws QueueException {
            try {
                Retries.few("did not confirm that the event is settled", () -> {
                    message.ackSync(ACK);
                    return null;
                });
            } catch (JetStreamApiException e) {
                throw NatsLink.refused("did not confirm that the event is settled", e);
            }
        }

        /** A queue that hears nothing hands the event out again by itself. */
        private static void whileConnected(Runnable tell) {
            try {
                tell.run();
            } catch (IllegalStateException e) {
                LOG.debug("NATS is not connected: {}", e.getMessage());
            }
        }
    }
}
