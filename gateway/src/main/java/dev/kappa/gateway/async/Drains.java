package dev.kappa.gateway.async;

import dev.kappa.gateway.catalog.Catalog;
import dev.kappa.gateway.peers.Ring;
import dev.kappa.lambda.FunctionKey;
import dev.kappa.stores.events.DeadLetters;
import dev.kappa.stores.events.EventQueue;
import dev.kappa.stores.events.QueueException;
import dev.kappa.stores.events.QueueKey;
import dev.kappa.wire.DemandReport.AsyncQueue;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a drain for each queue whose function this gateway owns. */
public final class Drains {
    private static final Logger LOG = LoggerFactory.getLogger(Drains.class);

    private final EventQueue queue;
    private final EventRunner runner;
    private final DeadLetters letters;
    private final AsyncMeters meters;
    private final Ring ring;
    private final Catalog catalog;
    private final BooleanSupplier ready;
    private final AtomicLong room;
    private final InFlightEvents inHand = new InFlightEvents();
    private final Map<QueueKey, Drain> drains = new ConcurrentHashMap<>();
    private volatile boolean stopped;

    Drains(
            EventQueue queue,
            EventRunner runner,
            DeadLetters letters,
            AsyncMeters meters,
            Ring ring,
            Catalog catalog,
            BooleanSupplier ready,
            long maxBytes) {
        this.queue = queue;
        this.runner = runner;
        this.letters = letters;
        this.meters = meters;
        this.ring = ring;
        this.catalog = catalog;
        this.ready = ready;
        this.room = new AtomicLong(maxBytes);
        queue.onCreated(key -> {
            if (ready.getAsBoolean()) {
                drain(key);
            }
        });
    }

    /** Looks which queues there are and who owns them; to be called every second or so, on a thread that may block. */
    public void look() {
        if (stopped || !ready.getAsBoolean()) {
            return;
        }
        drains.forEach((key, drain) -> {
            if (!ring.owns(key.function()) && drains.remove(key, drain)) {
                drain.stop();
            }
        });
        Set<QueueKey> queues;
        try {
            queues = Set.copyOf(queue.queues());
        } catch (QueueException e) {
            LOG.debug("The queues are not known: {}", e.getMessage());
            return;
        }
        queues.forEach(this::drain);
        drains.forEach((key, drain) -> {
            if (!queues.contains(key) && drains.remove(key, drain)) {
                drain.stop();
            }
        });
    }

    /** Asks the queues for their sizes; to be called every few seconds. */
    public void measure() {
        drains.values().forEach(drain -> drain.measure(letters));
        meters.queues(states());
    }

    /**
     * What was measured last.
     *
     * @return one entry for each function with a queue that this gateway owns
     */
    public List<AsyncQueue> states() {
        Map<FunctionKey, AsyncQueue> states = new HashMap<>();
        drains.forEach((key, drain) -> states.merge(key.function(), drain.state(), Drains::both));
        return List.copyOf(states.values());
    }

    /** Drops the queues of functions that are gone once they are empty; to be called every minute or so. */
    public void sweep() {
        if (stopped || !ready.getAsBoolean()) {
            return;
        }
        drains.forEach((key, drain) -> {
            drain.touch();
            if (!catalog.has(key) && drain.state().backlog() == 0) {
                try {
                    queue.drop(key);
                } catch (QueueException e) {
                    LOG.warn("The queue of {}, which is gone, stays: {}", key, e.getMessage());
                }
            }
        });
    }

    /** Keeps what is in hand from being handed out again; to be called every 10 s. */
    public void mark() {
        inHand.mark();
    }

    /** Takes no more events. */
    public void stop() {
        stopped = true;
        drains.values().forEach(Drain::stop);
    }

    private void drain(QueueKey key) {
        if (!stopped && ring.owns(key.function())) {
            drains.computeIfAbsent(key, it -> new Drain(it, queue, runner, inHand, room));
        }
    }

    /** A function that was deleted and applied again has two queues until the older one is empty. */
    private static AsyncQueue both(AsyncQueue one, AsyncQueue other) {
        return new AsyncQueue(
                one.namespace(),
                one.function(),
                one.backlog() + other.backlog(),
                Math.max(one.deadLetters(), other.deadLetters()));
    }
}
