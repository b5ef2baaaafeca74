package dev.kappa.gateway.dispatch;

import dev.kappa.lambda.VersionKey;
import dev.kappa.wire.DemandReport.VersionDemand;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Queue, instances and counters of one version; guarded by the function's dispatcher. */
final class VersionState {
    /**
     * An event and the instance that it goes to.
     *
     * @param admitted the event
     * @param instance where a slot was taken for it
     * @param timeoutSeconds of the version at this moment
     */
    record Assignment(AdmittedEvent admitted, Instance instance, int timeoutSeconds) {}

    private static final int LONGEST_TIMEOUT_SECONDS = 900;

    final VersionKey key;
    final WaitingEvents queue = new WaitingEvents();
    private final LongSupplier clock;
    private final WaitingEvents background = new WaitingEvents();
    final Map<String, Instance> instances = new HashMap<>();
    final OutcomeCounters outcomes = new OutcomeCounters();
    private final Deque<Instance> free = new ArrayDeque<>();
    private @Nullable VersionConfig config;
    private @Nullable String revision;
    private int inFlight;
    private long concurrencyMs;
    private long countedUntilMs;
    private long completed;
    private long durationUs;
    private long lastEventAtMs;

    VersionState(VersionKey key, LongSupplier clock) {
        this.key = key;
        this.clock = clock;
        this.countedUntilMs = clock.getAsLong();
    }

    /** Takes in what is known of the version now; instances of another revision than its current one get no more events. */
    void revise(@Nullable VersionConfig known) {
        config = known;
        String current = known == null ? null : known.revision();
        if (current == null || current.equals(revision)) {
            return;
        }
        revision = current;
        free.clear();
        for (Instance instance : instances.values()) {
            instance.listedAsFree = false;
        }
        instances.values().stream()
                .sorted(Comparator.comparingLong(instance -> instance.lastUsedAtMs))
                .forEach(this::offer);
    }

    /** Lists an instance as the most recently used one, if it takes events. */
    void offer(Instance instance) {
        if (!instance.takes(revision) || instances.get(instance.pod) != instance) {
            return;
        }
        if (instance.listedAsFree) {
            free.remove(instance);
        }
        instance.listedAsFree = true;
        free.addFirst(instance);
    }

    /** Lists an instance that answered an event. */
    void offerAgain(Instance instance) {
        instance.busyAnswers = 0;
        offer(instance);
    }

    /**
     * Gives waiting events to free instances: first come first served, those without a caller last; most recently used
     * instances first. A large event is not overtaken while it waits for an instance with room for it.
     *
     * @param places how many events without a caller may start
     */
    List<Assignment> assign(long nowMs, int places) {
        List<Assignment> assignments = List.of();
        int left = places;
        AdmittedEvent next = nextWaiting(left);
        Instance instance = next == null ? null : nextFree(next);
        while (next != null && instance != null) {
            if (assignments.isEmpty()) {
                assignments = new ArrayList<>(1);
            }
            count(nowMs);
            left -= next.event.background() ? 1 : 0;
            queueOf(next).pollFirst();
            next.holdSlot(reserveSlot(instance, instance.seatsOf(next), nowMs));
            assignments.add(new Assignment(next, instance, timeoutSeconds()));
            next = nextWaiting(left);
            instance = next == null ? null : nextFree(next);
        }
        return assignments;
    }

    private @Nullable AdmittedEvent nextWaiting(int places) {
        AdmittedEvent first = queue.peekFirst();
        return first == null && places > 0 ? background.peekFirst() : first;
    }

    /** The limit of events that run, over all versions of the function; null for none. */
    @Nullable
    Integer reserved() {
        return config == null ? null : config.reserved();
    }

    private int timeoutSeconds() {
        return config == null ? LONGEST_TIMEOUT_SECONDS : config.timeoutSeconds();
    }

    /** The only place where events in flight are counted. */
    private Reservation reserveSlot(Instance instance, int seats, long nowMs) {
        instance.inFlight += seats;
        inFlight += seats;
        instance.lastUsedAtMs = nowMs;
        return new Reservation(() -> {
            long freedAtMs = clock.getAsLong();
            count(freedAtMs);
            instance.inFlight -= seats;
            inFlight -= seats;
            instance.lastUsedAtMs = freedAtMs;
            lastEventAtMs = freedAtMs;
        });
    }

    /** Whether an event waits that an instance could run now. */
    boolean unmet(int places) {
        return !queue.isEmpty() || (places > 0 && !background.isEmpty());
    }

    void enqueue(AdmittedEvent admitted, long nowMs) {
        count(nowMs);
        lastEventAtMs = nowMs;
        queueOf(admitted).addLast(admitted);
    }

    /** Takes a refused event back to the head of the queue. */
    void requeue(AdmittedEvent admitted, long nowMs) {
        admitted.releaseForQueue();
        count(nowMs);
        admitted.waited = true;
        queueOf(admitted).addFirst(admitted);
    }

    /** Takes an event out that does not wait any more. */
    void forget(AdmittedEvent admitted, long nowMs) {
        count(nowMs);
        queueOf(admitted).remove(admitted);
    }

    private WaitingEvents queueOf(AdmittedEvent admitted) {
        return admitted.event.background() ? background : queue;
    }

    void completed(long micros) {
        completed++;
        durationUs += micros;
    }

    /** The oldest waiting event if it came at or before a moment. */
    @Nullable
    AdmittedEvent expire(long cameBeforeMs, long nowMs) {
        AdmittedEvent oldest = queue.peekFirst();
        if (oldest == null || oldest.event.arrivedAtMs() > cameBeforeMs) {
            return null;
        }
        count(nowMs);
        return queue.pollFirst();
    }

    /** Takes out the event that waits longest; callers go first. */
    @Nullable
    AdmittedEvent takeOldest(long nowMs) {
        count(nowMs);
        AdmittedEvent oldest = queue.pollFirst();
        return oldest == null ? background.pollFirst() : oldest;
    }

    /** Takes out the events without a caller that waited until their time. */
    List<AdmittedEvent> expireBackground(long nowMs) {
        count(nowMs);
        return background.removeIf(admitted -> admitted.event.waitsUntilMs() <= nowMs);
    }

    List<AdmittedEvent> drain(long nowMs) {
        count(nowMs);
        List<AdmittedEvent> all = queue.removeIf(any -> true);
        all.addAll(drainBackground(nowMs));
        return all;
    }

    List<AdmittedEvent> drainBackground(long nowMs) {
        count(nowMs);
        return background.removeIf(any -> true);
    }

    /** Whether something runs new events now or will, once it is initialised. */
    boolean hasInstance() {
        return instances.values().stream()
                .anyMatch(instance -> instance.revision.equals(revision)
                        && instance.phase != Instance.Phase.LOST
                        && instance.phase != Instance.Phase.DRAINING);
    }

    /** Whether an instance said that it is being initialised. */
    boolean initializes() {
        return instances.values().stream()
                .anyMatch(instance -> instance.revision.equals(revision) && instance.initializing);
    }

    boolean idle() {
        return queue.isEmpty() && background.isEmpty() && inFlight == 0 && instances.isEmpty();
    }

    int inFlight() {
        return inFlight;
    }

    /**
     * What the operator is told.
     *
     * @param places how many events without a caller may start: no instance is wanted for the others
     */
    VersionDemand demand(long nowMs, int places) {
        count(nowMs);
        return new VersionDemand(
                key.namespace(),
                key.function(),
                key.version(),
                revision == null ? "" : revision,
                queue.seats() + Math.max(0, Math.min(places, background.seats())),
                inFlight,
                concurrencyMs,
                completed,
                durationUs,
                outcomes.read(),
                lastEventAtMs,
                instances.values().stream()
                        .filter(Instance::wasReady)
                        .filter(instance -> instance.phase != Instance.Phase.LOST)
                        .filter(instance -> instance.revision.equals(revision))
                        .map(instance -> instance.report(nowMs))
                        .toList());
    }

    private @Nullable Instance nextFree(AdmittedEvent event) {
        Iterator<Instance> listed = free.iterator();
        while (listed.hasNext()) {
            Instance instance = listed.next();
            if (!instance.takes(revision) || instances.get(instance.pod) != instance) {
                listed.remove();
                instance.listedAsFree = false;
            } else if (instance.hasRoomFor(event)) {
                return instance;
            }
        }
        return null;
    }

    private void count(long nowMs) {
        concurrencyMs += Math.max(0, nowMs - countedUntilMs) * (queue.seats() + background.seats() + inFlight);
        countedUntilMs = Math.max(countedUntilMs, nowMs);
    }
}
