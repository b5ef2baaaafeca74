package dev.kappa.jetstream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import dev.kappa.stores.events.QueueException;
import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.Subscription;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows whether the NATS servers write to the disk before they acknowledge ({@code sync_interval: always}). They say so on a
 * subject that the chart's configuration takes from the system account, which needs no monitoring port. Until that is known,
 * and after each new connection, events are refused.
 */
final class SyncedWrites {
    /** The chart maps it to {@code $SYS.REQ.SERVER.PING.JSZ}. */
    private static final String SERVERS = "kappa.servers";

    private static final Logger LOG = LoggerFactory.getLogger(SyncedWrites.class);
    private static final String UNKNOWN =
            "it is not known yet whether the event queue (NATS) syncs its writes; try again";
    private static final Duration FIRST = Duration.ofSeconds(2);
    /** All servers are asked at once; whoever is down does not answer. */
    private static final Duration OTHERS = Duration.ofMillis(500);

    private static final RetryPolicy<Object> PATIENT = Retries.always(Duration.ofMillis(250))
            .handle(IOException.class, RuntimeException.class)
            .onFailedAttempt(event -> {
                if (event.getAttemptCount() == 1) {
                    LOG.warn(
                            "NATS does not tell yet whether writes are synced: {}",
                            String.valueOf(event.getLastException()));
                }
            })
            .build();

    private final int servers;
    private final AtomicInteger connections = new AtomicInteger();
    private volatile @Nullable String refusal = UNKNOWN;

    SyncedWrites(NatsLink link) {
        this.servers = link.replicas();
        link.onConnected(connection -> {
            int asked = connections.incrementAndGet();
            refusal = UNKNOWN;
            check(connection, asked);
        });
    }

    void require() throws QueueException {
        String why = refusal;
        if (why != null) {
            throw new QueueException("The event was not accepted: " + why + ".");
        }
    }

    /** Asks until there is an answer, or a newer connection asks itself. */
    private void check(Connection connection, int asked) {
        try {
            Failsafe.with(PATIENT).run(() -> {
                if (asked != connections.get() || connection.getStatus() == Connection.Status.CLOSED) {
                    return;
                }
                String found = ask(connection);
                if (found != null) {
                    LOG.error("Asynchronous events are refused: {}", found);
                }
                if (asked == connections.get()) {
                    refusal = found;
                }
            });
        } catch (FailsafeException e) {
            LOG.debug("Nobody waits for the answer any more", e);
        }
    }

    private @Nullable String ask(Connection connection) throws IOException, InterruptedException {
        String inbox = connection.createInbox();
        Subscription answers = connection.subscribe(inbox);
        try {
            connection.publish(SERVERS, inbox, new byte[0]);
            Message answer = answers.nextMessage(FIRST);
            if (answer == null || answer.getData().length == 0) {
                throw new IOException("no server answers on " + SERVERS + ", which the chart's NATS has");
            }
            for (int heard = 1; answer != null; heard++) {
                String refused = refusal(Json.tree(new String(answer.getData(), StandardCharsets.UTF_8)));
                if (refused != null) {
                    return refused;
                }
                answer = heard < servers ? answers.nextMessage(OTHERS) : null;
            }
            return null;
        } finally {
            answers.unsubscribe();
        }
    }

    private static @Nullable String refusal(JsonNode server) {
        if (server.path("data").path("config").path("sync_always").asBoolean(false)) {
            return null;
        }
        return "the NATS server " + server.path("server").path("name").asText()
                + " acknowledges writes before they are on its disk, so that events could be lost;"
                + " set jetstream.sync_interval to always (the chart's own NATS has it) and restart it";
    }
}
