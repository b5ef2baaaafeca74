package dev.kappa.gateway.async;

import dev.kappa.history.History.Delivered;
import dev.kappa.history.History.Settled;
import dev.kappa.lambda.FunctionKey;
import dev.kappa.stores.events.AsyncEvent;
import dev.kappa.stores.events.Attempts;
import dev.kappa.stores.events.DeadLetters;
import dev.kappa.stores.events.DestinationException;
import dev.kappa.stores.events.EventQueue;
import dev.kappa.stores.events.Outcome;
import dev.kappa.stores.events.OutcomeStore;
import dev.kappa.stores.events.QueueException;
import dev.kappa.stores.events.QueuePlace;
import dev.kappa.stores.events.Subjects;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A queue and its stores that keep what they acknowledged, as NATS does, and break as {@link Faults} has it. */
final class BreakingStores implements EventQueue, OutcomeStore, Subjects {
    static final long ACK_WAIT_MS = 30_000;

    final Map<String, Message> messages = new LinkedHashMap<>();
    final List<Settled> settled = new ArrayList<>();
    final List<Delivered> delivered = new ArrayList<>();
    private final MemoryStores kept = new MemoryStores();
    private final Faults faults;

    BreakingStores(Faults faults) {
        this.faults = faults;
    }

    /** An event in the queue. */
    static final class Message {
        final AsyncEvent event;
        long count;
        long dueAtMs;

        Message(AsyncEvent event) {
            this.event = event;
        }
    }

    @Override
    public void publish(AsyncEvent event) throws QueueException {
        try {
            faults.around("publish", () -> messages.computeIfAbsent(event.requestId(), id -> new Message(event)));
        } catch (Faults.Killed e) {
            // The caller's connection breaks: neither 202 nor a refusal.
            throw new IllegalStateException("the gateway that accepts was killed", e);
        }
    }

    /** Hands out one of the events that are due; null if none is. */
    @Nullable
    Delivery next() {
        List<Message> due = messages.values().stream()
                .filter(it -> it.dueAtMs <= faults.nowMs)
                .toList();
        if (due.isEmpty()) {
            return null;
        }
        return handOut(due.get(faults.random.nextInt(due.size())));
    }

    private Delivery handOut(Message message) {
        message.count++;
        message.dueAtMs = faults.nowMs + ACK_WAIT_MS;
        return new OneDelivery(message, message.count);
    }

    /** As in JetStream, marks are not fenced: those of an older delivery count too. */
    private final class OneDelivery implements Delivery {
        private final Message message;
        private final long count;

        OneDelivery(Message message, long count) {
            this.message = message;
            this.count = count;
        }

        @Override
        public AsyncEvent event() {
            return message.event;
        }

        @Override
        public long count() {
            return count;
        }

        @Override
        public void inProgress() {}

        @Override
        public void again(Duration delay) {
            message.dueAtMs = faults.nowMs + delay.toMillis();
        }

        @Override
        public void done() throws QueueException {
            faults.around("ack", () -> messages.keySet().remove(message.event.requestId()));
        }
    }

    @Override
    public Optional<Outcome> find(FunctionKey function, String requestId) throws QueueException {
        return faults.around("find", () -> kept.find(function, requestId));
    }

    @Override
    public Outcome create(Outcome outcome) throws QueueException {
        return faults.around("create", () -> {
            Outcome there = kept.create(outcome);
            if (there.equals(outcome)) {
                write(outcome);
            }
            return there;
        });
    }

    @Override
    public void progress(Outcome outcome) throws QueueException {
        faults.around("progress", () -> {
            kept.progress(outcome);
            write(outcome);
            return outcome;
        });
    }

    private void write(Outcome outcome) {
        settled.add(new Settled(
                outcome.requestId(),
                !outcome.condition().isFailure(),
                outcome.invocations(),
                outcome.endedAtMs(),
                faults.nowMs));
    }

    @Override
    public Attempts attempts(FunctionKey function, String requestId) throws QueueException {
        return faults.around("attempts", () -> kept.attempts(function, requestId));
    }

    @Override
    public void failed(FunctionKey function, String requestId, Attempts attempts) throws QueueException {
        faults.around("failed", () -> {
            kept.failed(function, requestId, attempts);
            return attempts;
        });
    }

    @Override
    public void publish(String subject, String id, Map<String, String> headers, byte[] body)
            throws DestinationException {
        try {
            faults.around("destination", () -> {
                JsonObject context = new JsonObject(Buffer.buffer(body)).getJsonObject("requestContext");
                return delivered.add(new Delivered(
                        context.getString("requestId"),
                        context.getString("condition").equals("Success")));
            });
        } catch (QueueException e) {
            throw DestinationException.later(String.valueOf(e.getMessage()));
        }
    }

    DeadLetters letters() {
        return kept;
    }

    @Override
    public Map<QueuePlace, Long> backlogs() {
        throw new UnsupportedOperationException("the schedule drains the queue itself");
    }

    @Override
    public void onEvents(Consumer<QueuePlace> listener) {}

    @Override
    public Deliveries open(QueuePlace place) {
        throw new UnsupportedOperationException("the schedule drains the queue itself");
    }

    @Override
    public void close(QueuePlace place) {
        throw new UnsupportedOperationException("the schedule drains the queue itself");
    }
}
