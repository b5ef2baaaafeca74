package dev.kappa.controlplane.packages;

import dev.kappa.stores.packages.PackageNotFoundException;
import dev.kappa.stores.packages.PackageStore;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/** A store for tests. */
public final class MemoryPackageStore implements PackageStore {
    public final Map<String, byte[]> packages = new ConcurrentHashMap<>();

    @Override
    public void put(String namespace, String sha256, Path file) throws IOException {
        packages.put(namespace + "/" + sha256, Files.readAllBytes(file));
    }

    @Override
    public OptionalLong size(String namespace, String sha256) {
        byte[] content = packages.get(namespace + "/" + sha256);
        return content == null ? OptionalLong.empty() : OptionalLong.of(content.length);
    }

    @Override
    public void get(String namespace, String sha256, OutputStream out) throws IOException {
        byte[] content = packages.get(namespace + "/" + sha256);
        if (content == null) {
            throw new PackageNotFoundException(namespace, sha256);
        }
        out.write(content);
    }
}
