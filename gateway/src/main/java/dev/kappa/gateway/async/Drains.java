package dev.kappa.gateway.async;

import dev.kappa.gateway.catalog.Catalog;
import dev.kappa.gateway.peers.Ring;
import dev.kappa.lambda.FunctionKey;
import dev.kappa.stores.events.DeadLetters;
import dev.kappa.stores.events.EventQueue;
import dev.kappa.stores.events.QueueException;
import dev.kappa.stores.events.QueueKey;
import dev.kappa.stores.events.QueuePlace;
import dev.kappa.wire.DemandReport.AsyncQueue;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a drain for each place with events whose function this gateway owns, until it was empty for a while. */
public final class Drains {
    private static final Logger LOG = LoggerFactory.getLogger(Drains.class);
    /** Owners hear of queues that get events more often than this. */
    static final Duration UNUSED = EventQueue.NOTICE.multipliedBy(4);

    private final EventQueue queue;
    private final EventRunner runner;
    private final DeadLetters letters;
    private final AsyncMeters meters;
    private final Ring ring;
    private final Catalog catalog;
    private final BooleanSupplier ready;
    private final AtomicLong room;
    private final Duration unused;
    private final InFlightEvents inHand = new InFlightEvents();
    private final Map<QueuePlace, Drain> drains = new ConcurrentHashMap<>();
    private final Map<FunctionKey, AsyncQueue> undrained = new ConcurrentHashMap<>();
    private volatile boolean stopped;

    /**
     * Nothing is drained yet.
     *
     * @param maxBytes of payload that all drains together may have
     * @param unused how long a place is kept open without events
     */
    Drains(
            EventQueue queue,
            EventRunner runner,
            DeadLetters letters,
            AsyncMeters meters,
            Ring ring,
            Catalog catalog,
            BooleanSupplier ready,
            long maxBytes,
            Duration unused) {
        this.queue = queue;
        this.runner = runner;
        this.letters = letters;
        this.meters = meters;
        this.ring = ring;
        this.catalog = catalog;
        this.ready = ready;
        this.room = new AtomicLong(maxBytes);
        this.unused = unused;
        queue.onEvents(place -> {
            if (ready.getAsBoolean()) {
                drain(place);
            }
        });
    }

    /** Looks where events wait and who owns them; to be called every second or so, on a thread that may block. */
    public void look() {
        if (stopped || !ready.getAsBoolean()) {
            return;
        }
        drains.forEach((place, drain) -> {
            if (!owns(place) && drains.remove(place, drain)) {
                drain.stop();
            }
        });
        Map<QueuePlace, Long> backlogs;
        try {
            backlogs = queue.backlogs();
        } catch (QueueException e) {
            LOG.debug("The queues are not known: {}", e.getMessage());
            return;
        }
        backlogs.keySet().stream().filter(place -> !drains.containsKey(place)).forEach(this::drain);
        drains.forEach((place, drain) -> drain.backlog(backlogs.getOrDefault(place, 0L)));
    }

    /** Counts dead letters; to be called every few seconds. */
    public void measure() {
        drains.forEach((place, drain) -> {
            drain.measure(letters);
            undrained.remove(place.queue().function());
        });
        meters.queues(states());
    }

    /**
     * What was measured last.
     *
     * @return one entry for each function with events or dead letters that this gateway owns
     */
    public List<AsyncQueue> states() {
        Map<FunctionKey, AsyncQueue> states = new HashMap<>(undrained);
        drains.forEach((place, drain) ->
                states.merge(place.queue().function(), state(place.queue(), drain.state()), Drains::both));
        return List.copyOf(states.values());
    }

    /** Closes what was empty for a while, and counts the dead letters of the rest; to be called every minute or so. */
    public void sweep() {
        if (stopped || !ready.getAsBoolean()) {
            return;
        }
        drains.forEach((place, drain) -> {
            drain.measureAgain();
            if (drain.isUnused(unused)) {
                close(place, drain);
            }
        });
        try {
            countUndrained();
        } catch (QueueException e) {
            LOG.debug("Dead letters are not counted: {}", e.getMessage());
        }
    }

    /** It stays known until it is closed, so that nobody opens it meanwhile; what comes then is seen by the next look. */
    private void close(QueuePlace place, Drain drain) {
        try {
            if (drain.stopAndWait()) {
                queue.close(place);
            }
        } catch (QueueException e) {
            LOG.debug("The queue of {} is not closed: {}", place, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            drains.remove(place, drain);
        }
    }

    /** A function that has none any more is told of once. */
    private void countUndrained() throws QueueException {
        Set<FunctionKey> drained = new HashSet<>();
        drains.keySet().forEach(place -> drained.add(place.queue().function()));
        undrained.values().removeIf(queue -> queue.deadLetters() == 0);
        Set<FunctionKey> functions = new HashSet<>(undrained.keySet());
        functions.addAll(letters.functions());
        for (FunctionKey function : functions) {
            if (drained.contains(function) || !ring.owns(function) || !catalog.has(function)) {
                undrained.remove(function);
            } else {
                undrained.put(
                        function, new AsyncQueue(function.namespace(), function.name(), 0, letters.count(function)));
            }
        }
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

    private void drain(QueuePlace place) {
        if (!stopped && owns(place)) {
            drains.computeIfAbsent(place, it -> new Drain(it, queue, runner, inHand, room))
                    .touch();
        }
    }

    private boolean owns(QueuePlace place) {
        return ring.owns(place.queue().function());
    }

    /** What a deleted function of this name left is not the backlog of the one that is there now. */
    private AsyncQueue state(QueueKey queue, AsyncQueue state) {
        return catalog.has(queue) || !catalog.has(queue.function())
                ? state
                : new AsyncQueue(state.namespace(), state.function(), 0, state.deadLetters());
    }

    /** A function may have events in several places. */
    private static AsyncQueue both(AsyncQueue one, AsyncQueue other) {
        return new AsyncQueue(
                one.namespace(),
                one.function(),
                one.backlog() + other.backlog(),
                Math.max(one.deadLetters(), other.deadLetters()));
    }
}
