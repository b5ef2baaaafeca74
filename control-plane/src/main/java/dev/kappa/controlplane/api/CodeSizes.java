package dev.kappa.controlplane.api;

import dev.kappa.stores.packages.PackageStore;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sizes of packages; a package never changes, so each is asked for once. */
final class CodeSizes {
    private static final Logger LOG = LoggerFactory.getLogger(CodeSizes.class);
    private static final int KEPT = 10_000;

    private final PackageStore store;
    private final Map<String, Long> known = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > KEPT;
        }
    };

    CodeSizes(PackageStore store) {
        this.store = store;
    }

    /** Bytes of a package, 0 if it is not known: a waiter must not fail because the store is away. */
    long of(String namespace, @Nullable String sha256) {
        if (sha256 == null) {
            return 0;
        }
        String name = namespace + "/" + sha256;
        Long size;
        synchronized (known) {
            size = known.get(name);
        }
        return size == null ? ask(namespace, sha256, name) : size;
    }

    private long ask(String namespace, String sha256, String name) {
        try {
            long size = store.size(namespace, sha256).orElse(0);
            if (size > 0) {
                synchronized (known) {
                    known.put(name, size);
                }
            }
            return size;
        } catch (IOException e) {
            LOG.warn("The size of package {} is not known: {}", name, e.toString());
            return 0;
        }
    }
}
