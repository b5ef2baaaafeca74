package dev.kappa.jetstream;

import dev.kappa.lambda.FunctionKey;
import dev.kappa.lambda.VersionKey;
import dev.kappa.stores.events.AsyncEvent;
import dev.kappa.stores.events.EventQueue.Delivery;
import dev.kappa.stores.events.QueueException;
import dev.kappa.stores.events.QueueKey;
import dev.kappa.stores.events.QueuePlace;
import io.nats.client.JetStreamManagement;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/** A gateway's queue on a server of its own, and what tests do with it. */
final class Queues {
    final NatsServer server;
    final NatsLink link;
    final QueueSizes sizes;
    final JetStreamQueue queue;

    private Queues(NatsServer server, QueueSizes sizes) {
        this.server = server;
        this.sizes = sizes;
        this.link = new NatsLink(server.access());
        this.queue = new JetStreamQueue(link, sizes);
    }

    /** Connected, and known to sync its writes. */
    static Queues on(NatsServer server, QueueSizes sizes) throws Exception {
        Queues queues = new Queues(server, sizes);
        queues.link.start();
        QueueKey nobody = new QueueKey(new FunctionKey("nobody", "nobody"), "nobody");
        for (int tries = 0; ; tries++) {
            try {
                queues.link.connection();
                queues.queue.publish(event(nobody, "1"));
                queues.settled(nobody);
                queues.queue.close(queues.place(nobody));
                return queues;
            } catch (QueueException e) {
                if (tries > 400 || String.valueOf(e.getMessage()).contains("no room")) {
                    throw e;
                }
                Thread.sleep(50);
            }
        }
    }

    /** Another gateway on the same server, perhaps with other settings; its link is to be closed. */
    Queues beside(QueueSizes others) throws Exception {
        return on(server, others);
    }

    /** Where the queue's new events go. */
    QueuePlace place(QueueKey key) {
        return new Partitions(sizes, 1).place(key);
    }

    JetStreamManagement management() throws Exception {
        return link.connection().jetStreamManagement();
    }

    /** Payloads of what was handed out, which is off the queue then. */
    List<String> settled(QueueKey key) throws Exception {
        return settled(place(key));
    }

    List<String> settled(QueuePlace place) throws Exception {
        List<String> payloads = new ArrayList<>();
        settle(place, 100, payloads);
        return payloads;
    }

    void settle(QueuePlace place, int max, Collection<String> payloads) throws Exception {
        for (Delivery delivery : fetched(place, max)) {
            payloads.add(new String(delivery.event().payload(), StandardCharsets.UTF_8));
            delivery.done();
        }
    }

    List<Delivery> fetched(QueuePlace place, int max) throws Exception {
        List<Delivery> deliveries = new ArrayList<>();
        queue.open(place).fetch(max, Duration.ofSeconds(1), deliveries::add);
        return deliveries;
    }

    static AsyncEvent event(QueueKey key, String payload) {
        return event(UUID.randomUUID().toString(), key, payload);
    }

    static AsyncEvent event(String id, QueueKey key, String payload) {
        return new AsyncEvent(
                id,
                new VersionKey(key.function().namespace(), key.function().name(), "$LATEST"),
                key.uid(),
                null,
                payload.getBytes(StandardCharsets.UTF_8),
                "arn:hello",
                null,
                null,
                "test",
                1,
                0);
    }

    void close() throws Exception {
        link.close();
        server.close();
    }
}
