package dev.kappa.identity;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of sessions, from the files of a mounted Secret, which the kubelet changes: a number each, with 64 hex digits. The
 * one with the highest number seals, but a new one not before the other processes have it too.
 */
public final class SessionKeyFiles implements Supplier<SessionKeys> {
    private static final Logger LOG = LoggerFactory.getLogger(SessionKeyFiles.class);
    private static final Duration READ_AGAIN = Duration.ofSeconds(10);

    /** A kubelet brings a change of a Secret within a minute or two. */
    static final Duration SPREAD = Duration.ofMinutes(5);

    private final Path folder;
    private final Clock clock;
    private final AtomicLong readAtMs;
    private final Map<Integer, Long> knownSinceMs = new HashMap<>();
    private volatile SessionKeys keys;

    /**
     * Reads the files, and again when they are asked for later.
     *
     * @param folder where the Secret is mounted; it may come later
     * @param clock the time
     */
    public SessionKeyFiles(Path folder, Clock clock) {
        this.folder = folder;
        this.clock = clock;
        this.readAtMs = new AtomicLong(clock.millis());
        this.keys = chosen(read(), 0);
    }

    @Override
    public SessionKeys get() {
        long last = readAtMs.get();
        long now = clock.millis();
        if (now - last >= READ_AGAIN.toMillis() && readAtMs.compareAndSet(last, now)) {
            SessionKeys next = chosen(read(), now);
            if (!next.equals(keys)) {
                LOG.info("Temporary credentials have the {} from now on", next);
                keys = next;
            }
        }
        return keys;
    }

    /**
     * Keys that are new seal later, unless there are no others.
     *
     * @param sinceMs what those that were not there before are known since
     */
    private synchronized SessionKeys chosen(Map<Integer, SecretKeySpec> read, long sinceMs) {
        knownSinceMs.keySet().retainAll(read.keySet());
        read.keySet().forEach(number -> knownSinceMs.putIfAbsent(number, sinceMs));
        long latest = clock.millis() - SPREAD.toMillis();
        int sealing = read.keySet().stream()
                .filter(number -> knownSinceMs.getOrDefault(number, sinceMs) <= latest)
                .max(Integer::compare)
                .orElseGet(() -> read.isEmpty() ? 0 : Collections.max(read.keySet()));
        return new SessionKeys(read, sealing);
    }

    private Map<Integer, SecretKeySpec> read() {
        Map<Integer, SecretKeySpec> read = new HashMap<>();
        if (!Files.isDirectory(folder)) {
            return read;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "[0-9]*")) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                String hex = Files.readString(file).strip();
                if (name.matches("[1-9][0-9]?") && hex.matches("[0-9a-f]{64}")) {
                    read.put(
                            Integer.parseInt(name),
                            SessionKeys.key(HexFormat.of().parseHex(hex)));
                } else {
                    LOG.warn(
                            "{} is no key of temporary credentials: its name must be a number from 1 to 99, and it must"
                                    + " hold 64 hex digits in small letters; make it with openssl rand -hex 32",
                            file);
                }
            }
        } catch (IOException e) {
            LOG.warn("The keys of temporary credentials cannot be read from {}", folder, e);
        }
        return read;
    }
}
