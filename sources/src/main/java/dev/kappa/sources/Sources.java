package dev.kappa.sources;

import dev.kappa.api.v1alpha1.EventSource;
import dev.kappa.sources.nats.NatsOpener;
import dev.kappa.sources.ticks.Ticker;
import dev.kappa.sources.work.Worker;
import dev.kappa.stores.keys.KeyStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All sources that there are; while this process leads, each of them works. */
final class Sources {
    private static final Logger LOG = LoggerFactory.getLogger(Sources.class);

    private final KeyStore keys;
    private final Map<Kind, Function<EventSource, Worker>> workers;
    private final Map<String, EventSource> known = new HashMap<>();
    private final Map<String, Running> running = new HashMap<>();
    private final List<Worker> leaving = new ArrayList<>();
    private boolean leads;

    /** What a source is. */
    enum Kind {
        SCHEDULE,
        SQS,
        NATS,
        KAFKA,
        /** Of a later release. */
        UNKNOWN;

        private static Kind of(EventSource source) {
            if (source.getSpec().schedule != null) {
                return SCHEDULE;
            }
            if (source.getSpec().sqs != null) {
                return SQS;
            }
            if (source.getSpec().nats != null) {
                return NATS;
            }
            return source.getSpec().kafka != null ? KAFKA : UNKNOWN;
        }
    }

    private record Running(Kind kind, Worker worker) {}

    Sources(KeyStore keys, Map<Kind, Function<EventSource, Worker>> workers) {
        this.keys = keys;
        this.workers = Map.copyOf(workers);
    }

    synchronized void put(EventSource source) {
        known.put(source.getMetadata().getUid(), source);
        if (leads) {
            run(source);
        }
    }

    synchronized void remove(EventSource source) {
        String uid = source.getMetadata().getUid();
        known.remove(uid);
        stop(uid);
        if (leads) {
            Thread.ofVirtual().start(() -> forget(keys(uid)));
        }
    }

    /** This process leads. */
    synchronized void begin() {
        leads = true;
        known.values().forEach(this::run);
        Set<String> kept = new HashSet<>();
        known.keySet().forEach(uid -> kept.addAll(keys(uid)));
        Thread.ofVirtual().start(() -> collect(kept));
    }

    /** Another may lead. */
    synchronized void end() {
        leads = false;
        Set.copyOf(running.keySet()).forEach(this::stop);
    }

    /** Whether all that was begun has ended, while this process does not lead. */
    synchronized boolean isOver() {
        leaving.removeIf(Worker::isOver);
        return leaving.isEmpty();
    }

    private static Set<String> keys(String uid) {
        return Set.of(Ticker.key(uid), NatsOpener.key(uid));
    }

    private void run(EventSource source) {
        String uid = source.getMetadata().getUid();
        Kind kind = Kind.of(source);
        Running now = running.get(uid);
        if (now != null && now.kind() == kind) {
            now.worker().changed(source);
            return;
        }
        stop(uid);
        Function<EventSource, Worker> maker = workers.get(kind);
        if (source.getMetadata().getDeletionTimestamp() == null && maker != null) {
            Worker worker = maker.apply(source);
            running.put(uid, new Running(kind, worker));
            worker.start();
        }
    }

    private void stop(String uid) {
        Running before = running.remove(uid);
        if (before != null) {
            before.worker().stop();
            leaving.removeIf(Worker::isOver);
            leaving.add(before.worker());
        }
    }

    /** What was deleted while nobody led has left its key; what came meanwhile keeps it. */
    private void collect(Set<String> kept) {
        try {
            Set<String> left = new HashSet<>(keys.all());
            left.removeIf(key -> keys("").stream().noneMatch(key::startsWith));
            left.removeAll(kept);
            synchronized (this) {
                known.keySet().forEach(uid -> left.removeAll(keys(uid)));
            }
            forget(left);
        } catch (IOException e) {
            LOG.warn("What is left of deleted sources is looked for by the next leader: {}", e.getMessage());
        }
    }

    private void forget(Set<String> left) {
        for (String key : left) {
            try {
                keys.remove(key);
            } catch (IOException e) {
                LOG.warn("{} is left for the next leader: {}", key, e.getMessage());
            }
        }
    }
}
