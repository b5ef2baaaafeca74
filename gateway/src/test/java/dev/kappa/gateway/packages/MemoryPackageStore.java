package dev.kappa.gateway.packages;

import dev.kappa.stores.packages.PackageNotFoundException;
import dev.kappa.stores.packages.PackageStore;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A store for tests. */
public final class MemoryPackageStore implements PackageStore {
    public final Map<String, byte[]> packages = new ConcurrentHashMap<>();
    public final AtomicInteger sizes = new AtomicInteger();
    public final AtomicInteger gets = new AtomicInteger();
    public volatile CountDownLatch gate = new CountDownLatch(0);
    public volatile boolean broken;

    @Override
    public void put(String namespace, String sha256, Path file) throws IOException {
        packages.put(namespace + "/" + sha256, Files.readAllBytes(file));
    }

    @Override
    public OptionalLong size(String namespace, String sha256) throws IOException {
        sizes.incrementAndGet();
        if (broken) {
            throw new IOException("NATS is not connected");
        }
        byte[] content = packages.get(namespace + "/" + sha256);
        return content == null ? OptionalLong.empty() : OptionalLong.of(content.length);
    }

    @Override
    public void get(String namespace, String sha256, OutputStream out) throws IOException {
        gets.incrementAndGet();
        try {
            gate.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        byte[] content = packages.get(namespace + "/" + sha256);
        if (content == null) {
            throw new PackageNotFoundException(namespace, sha256);
        }
        out.write(content);
    }
}
