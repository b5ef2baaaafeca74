package dev.kappa.gateway.async;

import dev.kappa.gateway.catalog.Catalog;
import dev.kappa.gateway.peers.Ring;
import dev.kappa.lambda.FunctionKey;
import dev.kappa.stores.events.DeadLetters;
import dev.kappa.stores.events.EventQueue;
import dev.kappa.stores.events.QueueException;
import dev.kappa.wire.DemandReport.AsyncQueue;
import java.util.List;
import java.util.Map;
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
    private final InHand inHand = new InHand();
    private final Map<FunctionKey, Drain> drains = new ConcurrentHashMap<>();
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
        queue.onCreated(function -> {
            if (ready.getAsBoolean()) {
                drain(function);
            }
        });
    }

    /** Looks which queues there are and who owns them; to be called every second or so, on a thread that may block. */
    public void look() {
        if (stopped || !ready.getAsBoolean()) {
            return;
        }
        drains.forEach((function, drain) -> {
            if (!ring.owns(function) && drains.remove(function, drain)) {
                drain.stop();
            }
        });
        List<FunctionKey> functions;
        try {
            functions = queue.functions();
        } catch (QueueException e) {
            LOG.debug("The queues are not known: {}", e.getMessage());
            return;
        }
        functions.forEach(this::drain);
        drains.forEach((function, drain) -> {
            if (!functions.contains(function) && drains.remove(function, drain)) {
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
     * @return one entry for each queue that this gateway owns
     */
    public List<AsyncQueue> states() {
        return drains.values().stream().map(Drain::state).toList();
    }

    /** Drops the queues of functions that are gone once they are empty; to be called every minute or so. */
    public void sweep() {
        if (stopped || !ready.getAsBoolean()) {
            return;
        }
        drains.forEach((function, drain) -> {
            drain.touch();
            if (!catalog.has(function) && drain.state().backlog() == 0) {
                try {
                    queue.drop(function);
                } catch (QueueException e) {
                    LOG.warn("The queue of {}, which is gone, stays: {}", function, e.getMessage());
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

    private void drain(FunctionKey function) {
        if (!stopped && ring.owns(function)) {
            drains.computeIfAbsent(function, it -> new Drain(it, queue, runner, inHand, room));
        }
    }
}
