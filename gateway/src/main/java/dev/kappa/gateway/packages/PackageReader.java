package dev.kappa.gateway.packages;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.kappa.stores.packages.PackageNotFoundException;
import dev.kappa.stores.packages.PackageStore;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Gives packages out: the small ones from memory, since a cold start waits for its package. However many ask for one at the
 * same time, it is fetched from the store once, and all fetches together hold a bounded number of bytes. Calls block.
 */
final class PackageReader {
    /** A package larger than this is passed on in pieces and not kept. */
    static final long MAX_ENTRY = 8L << 20;

    /** Each fetch holds at most the largest entry, or two pieces of a larger package. */
    private static final int FETCHES = 8;

    private final PackageStore store;
    private final AsyncCache<String, Buffer> kept;
    private final Semaphore fetches = new Semaphore(FETCHES);

    /**
     * A reader.
     *
     * @param store keeps the packages
     * @param keptBytes of small packages that stay in memory
     * @param threads run fetches, which block
     */
    PackageReader(PackageStore store, long keptBytes, Executor threads) {
        this.store = store;
        this.kept = Caffeine.newBuilder()
                .maximumWeight(keptBytes)
                .weigher((String name, Buffer content) -> content.length())
                .executor(threads)
                .buildAsync();
    }

    /** What is in memory already; null if the store has to be asked. */
    @Nullable
    Buffer kept(String namespace, String sha256) {
        var known = kept.getIfPresent(name(namespace, sha256));
        return known == null || !known.isDone() || known.isCompletedExceptionally() ? null : known.join();
    }

    /** Bytes of a package of the store; one that the store lost is put back if it is still in memory here. */
    OptionalLong size(String namespace, String sha256) throws IOException {
        OptionalLong size = store.size(namespace, sha256);
        Buffer content = size.isPresent() ? null : kept(namespace, sha256);
        if (content == null) {
            return size;
        }
        Path file = Files.createTempFile("kappa-package-", ".zip");
        try {
            Files.write(file, content.getBytes());
            store.put(namespace, sha256, file);
        } finally {
            Files.deleteIfExists(file);
        }
        return OptionalLong.of(content.length());
    }

    /** Writes a package as the body of a response. */
    void give(String namespace, String sha256, HttpServerResponse response) throws IOException, InterruptedException {
        long size = store.size(namespace, sha256).orElseThrow(() -> new PackageNotFoundException(namespace, sha256));
        if (size <= MAX_ENTRY) {
            Buffer content = fetched(namespace, sha256);
            head(response, content.length());
            response.end(content);
            return;
        }
        fetches.acquire();
        try (var out = new ResponseStream(response)) {
            head(response, size);
            store.get(namespace, sha256, out);
        } finally {
            fetches.release();
        }
    }

    static void head(HttpServerResponse response, long size) {
        response.putHeader("Content-Type", "application/zip").putHeader("Content-Length", String.valueOf(size));
    }

    private Buffer fetched(String namespace, String sha256) throws IOException {
        try {
            return kept.get(name(namespace, sha256), name -> fetch(namespace, sha256))
                    .join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof UncheckedIOException unchecked) {
                throw unchecked.getCause();
            }
            throw e;
        }
    }

    private Buffer fetch(String namespace, String sha256) {
        fetches.acquireUninterruptibly();
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            store.get(namespace, sha256, bytes);
            return Buffer.buffer(bytes.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            fetches.release();
        }
    }

    private static String name(String namespace, String sha256) {
        return namespace + "/" + sha256;
    }
}
