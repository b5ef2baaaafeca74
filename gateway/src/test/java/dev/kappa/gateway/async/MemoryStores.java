package dev.kappa.gateway.async;

import dev.kappa.lambda.FunctionKey;
import dev.kappa.stores.events.AsyncEvent;
import dev.kappa.stores.events.Attempts;
import dev.kappa.stores.events.DeadLetter;
import dev.kappa.stores.events.DeadLetters;
import dev.kappa.stores.events.DestinationException;
import dev.kappa.stores.events.EventQueue;
import dev.kappa.stores.events.Outcome;
import dev.kappa.stores.events.OutcomeStore;
import dev.kappa.stores.events.QueueException;
import dev.kappa.stores.events.QueuePlace;
import dev.kappa.stores.events.Subjects;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A queue and its stores in memory; each of them can be told to fail. */
public class MemoryStores implements EventQueue, OutcomeStore, DeadLetters, Subjects {
    public final Map<String, Outcome> outcomes = new ConcurrentHashMap<>();
    public final Map<String, Attempts> attempts = new ConcurrentHashMap<>();
    public final List<DeadLetter> letters = new CopyOnWriteArrayList<>();
    public final List<String> published = new CopyOnWriteArrayList<>();
    public final Map<QueuePlace, LinkedBlockingQueue<AsyncEvent>> queues = new ConcurrentHashMap<>();
    public final List<AsyncEvent> accepted = new CopyOnWriteArrayList<>();
    public final Set<String> ids = ConcurrentHashMap.newKeySet();
    public final Set<QueuePlace> opened = ConcurrentHashMap.newKeySet();
    public volatile @Nullable String refusal;
    public volatile @Nullable String brokenSubject;
    private final List<Consumer<QueuePlace>> listeners = new CopyOnWriteArrayList<>();

    @Override
    public void publish(AsyncEvent event) throws QueueException {
        if (refusal != null) {
            throw new QueueException(refusal);
        }
        if (!ids.add(event.requestId())) {
            return;
        }
        accepted.add(event);
        QueuePlace place = new QueuePlace(event.queue(), "memory");
        queues.computeIfAbsent(place, it -> new LinkedBlockingQueue<>()).add(event);
        listeners.forEach(it -> it.accept(place));
    }

    @Override
    public Map<QueuePlace, Long> backlogs() {
        return queues.entrySet().stream()
                .filter(it -> !it.getValue().isEmpty())
                .collect(Collectors.toMap(
                        Map.Entry::getKey, it -> (long) it.getValue().size()));
    }

    @Override
    public void onEvents(Consumer<QueuePlace> listener) {
        listeners.add(listener);
    }

    @Override
    public Deliveries open(QueuePlace place) {
        LinkedBlockingQueue<AsyncEvent> queue = queues.computeIfAbsent(place, it -> new LinkedBlockingQueue<>());
        opened.add(place);
        return (max, wait, each) -> {
            AsyncEvent event = queue.poll(wait.toMillis(), TimeUnit.MILLISECONDS);
            if (event != null) {
                each.accept(new MemoryDelivery(event, 1));
            }
        };
    }

    @Override
    public void close(QueuePlace place) {
        opened.remove(place);
    }

    @Override
    public Optional<Outcome> find(FunctionKey function, String requestId) {
        return Optional.ofNullable(outcomes.get(requestId));
    }

    @Override
    public Outcome create(Outcome outcome) {
        Outcome there = outcomes.putIfAbsent(outcome.requestId(), outcome);
        return there == null ? outcome : there;
    }

    @Override
    public void progress(Outcome outcome) {
        outcomes.put(outcome.requestId(), outcome);
    }

    @Override
    public Attempts attempts(FunctionKey function, String requestId) {
        return attempts.getOrDefault(requestId, Attempts.NONE);
    }

    @Override
    public void failed(FunctionKey function, String requestId, Attempts failed) {
        attempts.put(requestId, failed);
    }

    @Override
    public void put(DeadLetter letter) {
        letters.removeIf(it -> it.outcome().requestId().equals(letter.outcome().requestId()));
        letters.add(letter);
    }

    @Override
    public List<Kept> list(FunctionKey function, long after, int limit) {
        List<Kept> page = new ArrayList<>();
        AtomicLong sequence = new AtomicLong();
        letters.forEach(letter -> page.add(new Kept(sequence.incrementAndGet(), letter)));
        return page.stream().filter(it -> it.sequence() > after).limit(limit).toList();
    }

    @Override
    public Optional<Kept> letter(FunctionKey function, String requestId) {
        return list(function, 0, Integer.MAX_VALUE).stream()
                .filter(it -> it.letter().outcome().requestId().equals(requestId))
                .findFirst();
    }

    @Override
    public void remove(FunctionKey function, long sequence) {
        letters.remove((int) sequence - 1);
    }

    @Override
    public long purge(FunctionKey function) {
        int size = letters.size();
        letters.clear();
        return size;
    }

    @Override
    public Set<FunctionKey> functions() {
        return letters.stream()
                .map(it ->
                        new FunctionKey(it.outcome().namespace(), it.outcome().function()))
                .collect(Collectors.toSet());
    }

    @Override
    public long count(FunctionKey function) {
        return letters.size();
    }

    @Override
    public void publish(String subject, String id, Map<String, String> headers, byte[] body)
            throws DestinationException {
        if (subject.equals(brokenSubject)) {
            throw DestinationException.later("is broken");
        }
        published.add(subject + " " + new String(body, StandardCharsets.UTF_8));
    }

    /** A delivery that remembers what was done with it. */
    public static final class MemoryDelivery implements EventQueue.Delivery {
        private final AsyncEvent event;
        private final long count;
        private final @Nullable String unreadable;
        public volatile @Nullable Duration again;
        public volatile boolean done;

        public MemoryDelivery(AsyncEvent event, long count) {
            this(event, count, null);
        }

        public MemoryDelivery(AsyncEvent event, long count, @Nullable String unreadable) {
            this.event = event;
            this.count = count;
            this.unreadable = unreadable;
        }

        @Override
        public @Nullable String unreadable() {
            return unreadable;
        }

        @Override
        public AsyncEvent event() {
            return event;
        }

        @Override
        public long count() {
            return count;
        }

        @Override
        public void inProgress() {}

        @Override
        public void again(Duration delay) {
            again = delay;
        }

        @Override
        public void done() {
            done = true;
        }
    }
}
