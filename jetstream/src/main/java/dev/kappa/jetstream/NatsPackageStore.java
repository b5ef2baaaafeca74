package dev.kappa.jetstream;

import static io.nats.client.support.NatsObjectStoreUtil.encodeForSubject;

import dev.kappa.stores.events.QueueException;
import dev.kappa.stores.packages.PackageInventory;
import dev.kappa.stores.packages.PackageNotFoundException;
import dev.kappa.stores.packages.PackageStore;
import dev.kappa.stores.packages.StoredPackage;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.PurgeOptions;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.ObjectInfo;
import io.nats.client.api.ObjectMeta;
import io.nats.client.api.ObjectStoreConfiguration;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Packages in the JetStream object store {@code kappa-packages} under {@code <namespace>/<sha256>}. */
public final class NatsPackageStore implements PackageStore, PackageInventory {
    private static final String BUCKET = "kappa-packages";
    /** The stream by which JetStream keeps a bucket. */
    private static final String STREAM = "OBJ_" + BUCKET;

    private static final String ENTRIES = "$O." + BUCKET + ".M.";
    private static final String CHUNKS = "$O." + BUCKET + ".C.";
    /** Each chunk is one write to the disk, and one round trip when it is read. */
    private static final int CHUNK_BYTES = 1 << 20;

    /** A package that was stored within this time is not marked again. */
    private static final Duration FRESH = Duration.ofMinutes(10);

    private final NatsLink link;
    private final Streams streams;
    private final StreamConfiguration bucket;

    /**
     * The store; its bucket is made when the first package comes, and again whenever it is missing.
     *
     * @param link to NATS
     */
    public NatsPackageStore(NatsLink link) {
        this.link = link;
        this.streams = new Streams(link);
        this.bucket = ObjectStoreConfiguration.builder(BUCKET)
                .description("Code packages of Kappa's functions, by namespace and digest")
                .replicas(link.replicas())
                .build()
                .getBackingConfig();
    }

    @Override
    public void put(String namespace, String sha256, Path file) throws IOException {
        Optional<ObjectInfo> there = find(namespace, sha256);
        if (there.isPresent()) {
            refresh(namespace, sha256, there.get());
            return;
        }
        ObjectMeta meta = ObjectMeta.builder(name(namespace, sha256))
                .chunkSize(CHUNK_BYTES)
                .build();
        try {
            streams.use(bucket, connection -> {
                try (InputStream in = Files.newInputStream(file)) {
                    return connection.objectStore(BUCKET).put(meta, in);
                } catch (NoSuchAlgorithmException e) {
                    throw new IllegalStateException("every JDK has SHA-256", e);
                }
            });
        } catch (QueueException | JetStreamApiException | IOException e) {
            throw failed("does not store", namespace, sha256, e);
        }
    }

    /** Whoever collects packages sees by its time that it is wanted. */
    private void refresh(String namespace, String sha256, ObjectInfo there) throws IOException {
        if (storedAt(there).isAfter(Instant.now().minus(FRESH))) {
            return;
        }
        try {
            link.connection()
                    .objectStore(BUCKET)
                    .updateMeta(
                            there.getObjectName(),
                            ObjectMeta.builder(there.getObjectName()).build());
        } catch (QueueException | JetStreamApiException | IOException | IllegalStateException e) {
            throw failed("does not store", namespace, sha256, e);
        }
    }

    @Override
    public List<StoredPackage> list() throws IOException {
        try {
            return streams.find(STREAM, NatsPackageStore::entries).orElse(List.of()).stream()
                    .flatMap(NatsPackageStore::stored)
                    .toList();
        } catch (QueueException | JetStreamApiException e) {
            throw new IOException("The package store does not list its packages: " + e.getMessage(), e);
        }
    }

    private static List<ObjectInfo> entries(Connection connection) throws IOException, JetStreamApiException {
        try {
            return connection.objectStore(BUCKET).getList();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Its entry goes first, so that nobody begins to read what is being deleted. */
    @Override
    public void delete(StoredPackage listed) throws IOException {
        Optional<ObjectInfo> there = find(listed.namespace(), listed.sha256());
        if (there.isEmpty() || !storedAt(there.get()).equals(listed.storedAt())) {
            return;
        }
        try {
            JetStreamManagement management = management();
            management.purgeStream(STREAM, PurgeOptions.subject(ENTRIES + encodeForSubject(listed.name())));
            management.purgeStream(
                    STREAM, PurgeOptions.subject(CHUNKS + there.get().getNuid()));
        } catch (QueueException | JetStreamApiException | IOException | IllegalStateException e) {
            throw failed("does not delete", listed.namespace(), listed.sha256(), e);
        }
    }

    private static Stream<StoredPackage> stored(ObjectInfo info) {
        String[] name = info.getObjectName().split("/", 2);
        return name.length == 2 ? Stream.of(new StoredPackage(name[0], name[1], storedAt(info))) : Stream.empty();
    }

    private static Instant storedAt(ObjectInfo info) {
        return info.getModified() == null ? Instant.EPOCH : info.getModified().toInstant();
    }

    @Override
    public OptionalLong size(String namespace, String sha256) throws IOException {
        Optional<ObjectInfo> info = find(namespace, sha256);
        return info.isPresent() ? OptionalLong.of(info.get().getSize()) : OptionalLong.empty();
    }

    /** Chunk by chunk, so that a reader who is slow costs no more memory than one of them. */
    @Override
    public void get(String namespace, String sha256, OutputStream out) throws IOException {
        ObjectInfo info = find(namespace, sha256).orElseThrow(() -> new PackageNotFoundException(namespace, sha256));
        MessageDigest digest = sha256();
        String chunks = CHUNKS + info.getNuid();
        long next = 1;
        for (long chunk = 0; chunk < info.getChunks(); chunk++) {
            MessageInfo message = chunk(namespace, sha256, chunks, next);
            next = message.getSeq() + 1;
            digest.update(message.getData());
            out.write(message.getData());
        }
        if (!HexFormat.of().formatHex(digest.digest()).equals(sha256)) {
            throw new IOException("The package store gives other bytes than those of " + name(namespace, sha256));
        }
    }

    private MessageInfo chunk(String namespace, String sha256, String subject, long from) throws IOException {
        try {
            return management().getNextMessage(STREAM, from, subject);
        } catch (QueueException | JetStreamApiException | IOException e) {
            throw failed("does not give", namespace, sha256, e);
        }
    }

    private Optional<ObjectInfo> find(String namespace, String sha256) throws IOException {
        try {
            return streams.find(
                    STREAM, connection -> connection.objectStore(BUCKET).getInfo(name(namespace, sha256)));
        } catch (QueueException | JetStreamApiException | IOException e) {
            throw failed("does not look up", namespace, sha256, e);
        }
    }

    private JetStreamManagement management() throws QueueException, IOException {
        return link.connection().jetStreamManagement(NatsLink.JETSTREAM);
    }

    private static String name(String namespace, String sha256) {
        return namespace + "/" + sha256;
    }

    private static IOException failed(String what, String namespace, String sha256, Exception e) {
        return new IOException("The package store " + what + " " + name(namespace, sha256) + ": " + e.getMessage(), e);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
