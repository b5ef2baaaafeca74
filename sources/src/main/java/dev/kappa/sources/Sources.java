package dev.kappa.sources;

import dev.kappa.api.v1alpha1.EventSource;
import dev.kappa.sources.ticks.TickTools;
import dev.kappa.sources.ticks.Ticker;
import dev.kappa.stores.keys.KeyStore;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All sources that there are; while this process leads, each of them works. */
final class Sources {
    private static final Logger LOG = LoggerFactory.getLogger(Sources.class);

    private final KeyStore keys;
    private final TickTools tools;
    private final Map<String, EventSource> known = new HashMap<>();
    private final Map<String, Ticker> running = new HashMap<>();
    private boolean leads;

    Sources(KeyStore keys, TickTools tools) {
        this.keys = keys;
        this.tools = tools;
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
        Ticker ticker = running.remove(uid);
        if (ticker != null) {
            ticker.stop();
        }
        if (leads) {
            Thread.ofVirtual().start(() -> forget(Set.of(Ticker.key(uid))));
        }
    }

    /** This process leads. */
    synchronized void begin() {
        leads = true;
        known.values().forEach(this::run);
        Set<String> kept = new HashSet<>();
        known.keySet().forEach(uid -> kept.add(Ticker.key(uid)));
        Thread.ofVirtual().start(() -> collect(kept));
    }

    /** Another may lead. */
    synchronized void end() {
        leads = false;
        running.values().forEach(Ticker::stop);
        running.clear();
    }

    private void run(EventSource source) {
        String uid = source.getMetadata().getUid();
        if (source.getMetadata().getDeletionTimestamp() != null || source.getSpec().schedule == null) {
            return;
        }
        Ticker ticker = running.get(uid);
        if (ticker == null) {
            ticker = new Ticker(source, tools);
            running.put(uid, ticker);
            ticker.wake();
        } else {
            ticker.changed(source);
        }
    }

    /** What was deleted while nobody led has left its key; what came meanwhile keeps it. */
    private void collect(Set<String> kept) {
        try {
            Set<String> left = new HashSet<>(keys.all());
            left.removeIf(key -> !key.startsWith(Ticker.key("")));
            left.removeAll(kept);
            synchronized (this) {
                known.keySet().forEach(uid -> left.remove(Ticker.key(uid)));
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
