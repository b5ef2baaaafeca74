package dev.kappa.jetstream;

import dev.kappa.stores.events.QueueException;
import dev.kappa.stores.packages.PackageNotFoundException;
import dev.kappa.stores.packages.PackageStore;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
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
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalLong;

/** Packages in the JetStream object store {@code kappa-packages} under {@code <namespace>/<sha256>}. */
public final class NatsPackageStore implements PackageStore {
    private static final String BUCKET = "kappa-packages";
    /** The stream by which JetStream keeps a bucket. */
    private static final String STREAM = "OBJ_" + BUCKET;

    private static final String CHUNKS = "$O." + BUCKET + ".C.";
    /** Each chunk is one write to the disk, and one round trip when it is read. */
    private static final int CHUNK_BYTES = 1 << 20;

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
        if (size(namespace, sha256).isPresent()) {
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
