package dev.kappa.sources.batch;

import dev.kappa.sources.batch.QueueCommand.Ack;
import dev.kappa.sources.batch.QueueCommand.Extend;
import dev.kappa.sources.batch.QueueCommand.GiveBack;
import dev.kappa.sources.batch.QueueCommand.Invoke;
import dev.kappa.sources.batch.QueueCommand.Receive;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One queue with visibility timeouts, perhaps FIFO, two processes that consume it, and a function. */
final class QueueWorld extends Turmoil {
    private static final int RECORDS = 40;
    private static final Duration VISIBILITY = Duration.ofSeconds(15);

    private final Wiring wiring;
    private final QueuePolicy policy;
    private final ModelFunction function;
    private final List<Message> queue = new ArrayList<>();
    private final Map<Long, Message> deliveries = new HashMap<>();
    private int sent;

    /** The real thing, but for what a mutant changes. */
    interface Wiring {
        default Rules rules() {
            return new Rules();
        }

        default boolean acksBeforeTheRun() {
            return false;
        }
    }

    /** Of the queue, until it is deleted. */
    private static final class Message {
        private final SourceRecord record;
        private Instant visibleAt = START;
        private long delivery;

        Message(SourceRecord record) {
            this.record = record;
        }
    }

    QueueWorld(long seed, boolean breaks, Wiring wiring) {
        super(seed, breaks, Duration.ofSeconds(90));
        this.wiring = wiring;
        boolean fifo = random().nextBoolean();
        boolean partial = random().nextBoolean();
        policy = new QueuePolicy(
                BatchLimits.of(1 + random().nextInt(6), Duration.ofMillis(random().nextInt(2) * 800L)),
                1 + random().nextInt(2),
                2 + random().nextInt(8),
                fifo,
                partial,
                Optional.of(VISIBILITY));
        function =
                new ModelFunction(this, partial, fifo ? ModelFunction.Order.GROUP : ModelFunction.Order.NONE, Set.of());
    }

    Verdict run() {
        for (int i = 0; i < 2; i++) {
            new Consumer().start();
        }
        later(0, 1000, this::produce);
        return run(() -> sent == RECORDS && queue.isEmpty());
    }

    private void produce() {
        queue.add(new Message(Shard.record(Integer.toString(++sent), "group" + random().nextInt(4), now())));
        if (sent < RECORDS) {
            later(10, 3000, this::produce);
        }
    }

    private static boolean passes(SourceRecord record) {
        return !record.id().endsWith("7");
    }

    private boolean isOpen(SourceRecord record) {
        return passes(record) && !isDone(record.id());
    }

    private List<Delivery> receive(int most) {
        List<Delivery> found = new ArrayList<>();
        Set<String> locked = new HashSet<>();
        for (Message message : queue) {
            if (policy.fifo() && locked.contains(message.record.key())) {
                continue;
            }
            if (message.visibleAt.isAfter(now())) {
                locked.add(message.record.key());
            } else if (found.size() < most) {
                message.visibleAt = now().plus(VISIBILITY);
                message.delivery = deliveries.size() + 1L;
                deliveries.put(message.delivery, message);
                found.add(new Delivery(message.delivery, message.record));
            } else {
                locked.add(message.record.key());
            }
        }
        return found;
    }

    private void delete(List<Delivery> done) {
        for (Delivery delivery : done) {
            SourceRecord record = delivery.record();
            if (isOpen(record)) {
                violated("a record was acknowledged that is not done");
            }
            boolean early = queue.stream().anyMatch(it -> isBefore(it.record, record) && isOpen(it.record));
            if (policy.fifo() && passes(record) && early) {
                violated("a record was acknowledged before an earlier one of its group was done");
            }
            queue.remove(deliveries.get(delivery.number()));
        }
    }

    private static boolean isBefore(SourceRecord one, SourceRecord other) {
        return one.key().equals(other.key()) && Integer.parseInt(one.id()) < Integer.parseInt(other.id());
    }

    private Answer invoke(List<SourceRecord> records) {
        Set<String> batch = new HashSet<>();
        for (SourceRecord record : records) {
            boolean early = queue.stream()
                    .anyMatch(
                            it -> isBefore(it.record, record) && isOpen(it.record) && !batch.contains(it.record.id()));
            if (policy.fifo() && early) {
                violated("a record ran before an earlier one of its group was done");
            }
            batch.add(record.id());
        }
        return breaks(30) ? new Answer.NotRun("throttled") : function.run(records);
    }

    private final class Consumer extends ModelProcess {
        private final QueueEngine engine = new QueueEngine(policy, QueueWorld::passes, wiring.rules());

        @Override
        protected void tick() {
            act(stops(false) ? engine.stop(now()) : engine.passed(now()));
        }

        @Override
        protected void replacement() {
            new Consumer().start();
        }

        private void act(List<QueueCommand> commands) {
            for (QueueCommand command : commands) {
                switch (command) {
                    case Receive receive -> receive(receive);
                    case Invoke invoke -> run(invoke);
                    case Ack ack -> tell(() -> delete(ack.deliveries()));
                    case GiveBack back -> tell(() -> back.deliveries().forEach(it -> show(it, back.failed() ? 3 : 0)));
                    case Extend extend ->
                        tell(() -> extend.deliveries().forEach(it -> show(it, VISIBILITY.toSeconds())));
                    case QueueCommand.Stopped stopped -> die();
                }
            }
        }

        /** The queue forgets what it is told about deliveries that are not the last one of their message. */
        private void show(Delivery delivery, long seconds) {
            Message message = deliveries.get(delivery.number());
            if (message != null && message.delivery == delivery.number() && message.visibleAt.isAfter(now())) {
                message.visibleAt = now().plusSeconds(seconds);
            }
        }

        private void receive(Receive receive) {
            Instant sentAt = now();
            call(
                    () -> {
                        List<Delivery> found = QueueWorld.this.receive(receive.records());
                        return () -> act(engine.received(receive.records(), found, sentAt, now()));
                    },
                    () -> act(engine.received(receive.records(), List.of(), sentAt, now())),
                    400,
                    false);
        }

        private void run(Invoke invoke) {
            if (wiring.acksBeforeTheRun()) {
                tell(() -> deliveries.forEach((number, message) -> {
                    if (invoke.records().contains(message.record)) {
                        delete(List.of(new Delivery(number, message.record)));
                    }
                }));
            }
            call(
                    () -> {
                        Answer answer = invoke(invoke.records());
                        return () -> act(engine.answered(invoke.run(), answer, now()));
                    },
                    () -> act(engine.answered(invoke.run(), new Answer.NotRun("no answer"), now())),
                    1500,
                    true);
        }

        private void tell(Runnable effect) {
            call(
                    () -> {
                        effect.run();
                        return () -> {};
                    },
                    () -> {},
                    50,
                    false);
        }
    }
}
