package dev.kappa.jetstream;

import dev.kappa.stores.events.QueueException;
import dev.kappa.stores.packages.PackageStore;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.ObjectStore;
import io.nats.client.ObjectStoreManagement;
import io.nats.client.api.ObjectInfo;
import io.nats.client.api.ObjectMeta;
import io.nats.client.api.ObjectStoreConfiguration;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Packages in the JetStream object store {@code kappa-packages} under {@code <namespace>/<sha256>}. */
public final class NatsPackageStore implements PackageStore {
    private static final String BUCKET = "kappa-packages";

    /** The stream by which JetStream keeps a bucket. */
    private static final String STREAM = "OBJ_" + BUCKET;

    private final NatsLink link;
    private final ReentrantLock opening = new ReentrantLock();
    private volatile @Nullable ObjectStore store;

    /**
     * The store; its bucket is made when it is first used.
     *
     * @param link to NATS
     */
    public NatsPackageStore(NatsLink link) {
        this.link = link;
    }

    @Override
    public void put(String namespace, String sha256, Path file) throws IOException {
        if (size(namespace, sha256).isPresent()) {
            return;
        }
        try (InputStream in = Files.newInputStream(file)) {
            store().put(ObjectMeta.builder(name(namespace, sha256)).build(), in);
        } catch (JetStreamApiException | NoSuchAlgorithmException e) {
            throw failed("does not store", namespace, sha256, e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    @Override
    public OptionalLong size(String namespace, String sha256) throws IOException {
        try {
            ObjectInfo info = store().getInfo(name(namespace, sha256));
            return info == null ? OptionalLong.empty() : OptionalLong.of(info.getSize());
        } catch (JetStreamApiException e) {
            throw failed("does not look up", namespace, sha256, e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    @Override
    public void get(String namespace, String sha256, OutputStream out) throws IOException {
        try {
            store().get(name(namespace, sha256), out);
        } catch (JetStreamApiException | NoSuchAlgorithmException e) {
            throw failed("does not give", namespace, sha256, e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private ObjectStore store() throws IOException, JetStreamApiException, InterruptedException {
        ObjectStore known = store;
        if (known != null) {
            return known;
        }
        opening.lockInterruptibly();
        try {
            known = store;
            if (known == null) {
                known = open();
                store = known;
            }
            return known;
        } finally {
            opening.unlock();
        }
    }

    private ObjectStore open() throws IOException, JetStreamApiException {
        Connection connection = connection();
        ObjectStoreManagement management = connection.objectStoreManagement();
        if (!management.getBucketNames().contains(BUCKET)) {
            management.create(ObjectStoreConfiguration.builder(BUCKET)
                    .description("Code packages of Kappa's functions, by namespace and digest")
                    .replicas(link.replicas())
                    .build());
        }
        followReplicas(connection.jetStreamManagement());
        return connection.objectStore(BUCKET);
    }

    private Connection connection() throws IOException {
        try {
            return link.connection();
        } catch (QueueException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** The chart's number may have changed since the bucket was made. */
    private void followReplicas(JetStreamManagement management) throws IOException, JetStreamApiException {
        StreamConfiguration stream = management.getStreamInfo(STREAM).getConfiguration();
        if (stream.getReplicas() != link.replicas()) {
            management.updateStream(StreamConfiguration.builder(stream)
                    .replicas(link.replicas())
                    .build());
        }
    }

    private static String name(String namespace, String sha256) {
        return namespace + "/" + sha256;
    }

    private IOException failed(String what, String namespace, String sha256, Exception e) {
        return new IOException("The package store " + what + " " + name(namespace, sha256) + ": " + e.getMessage(), e);
    }

    private static IOException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IOException("interrupted", e);
    }
}
