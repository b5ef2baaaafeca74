package dev.kappa.gateway.packages;

import io.vertx.core.buffer.Buffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Small packages in memory, least recently used first to go: a cold start waits for its package. */
final class PackageCache {
    /** A package larger than this is not kept. */
    static final long MAX_ENTRY = 8L * 1024 * 1024;

    private final long maxBytes;
    private final Map<String, Buffer> entries = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    PackageCache(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    synchronized @Nullable Buffer get(String name) {
        return entries.get(name);
    }

    synchronized void put(String name, Buffer content) {
        Buffer before = entries.put(name, content);
        bytes += content.length() - (before == null ? 0 : before.length());
        var oldest = entries.entrySet().iterator();
        while (bytes > maxBytes && oldest.hasNext()) {
            bytes -= oldest.next().getValue().length();
            oldest.remove();
        }
    }
}
