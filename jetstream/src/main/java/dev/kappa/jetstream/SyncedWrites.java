package dev.kappa.jetstream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kappa.stores.events.QueueException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows whether every NATS server writes to the disk before it acknowledges ({@code sync_interval: always}), from what the
 * servers say at {@code /jsz}. Until that is known, and after each new connection, events are refused.
 */
final class SyncedWrites {
    private static final Logger LOG = LoggerFactory.getLogger(SyncedWrites.class);
    private static final String UNKNOWN =
            "it is not known yet whether the event queue (NATS) syncs its writes; try again";

    private final URI monitor;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private final AtomicInteger connections = new AtomicInteger();
    private volatile @Nullable String refusal = UNKNOWN;

    /**
     * Watches the servers.
     *
     * @param monitor address of their monitoring port; its host stands for all of them
     */
    SyncedWrites(URI monitor, NatsLink link) {
        this.monitor = monitor;
        link.onConnected(connection -> {
            int asked = connections.incrementAndGet();
            refusal = UNKNOWN;
            check(asked);
        });
    }

    void require() throws QueueException {
        String why = refusal;
        if (why != null) {
            throw new QueueException("The event was not accepted: " + why + ".");
        }
    }

    /** Asks until there is an answer, or a newer connection asks itself. */
    private void check(int asked) {
        String last = "";
        while (asked == connections.get()) {
            try {
                String found = ask();
                if (found != null) {
                    LOG.error("Asynchronous events are refused: {}", found);
                }
                if (asked == connections.get()) {
                    refusal = found;
                }
                return;
            } catch (IOException | RuntimeException e) {
                if (!last.equals(e.toString())) {
                    last = e.toString();
                    LOG.warn("{} does not tell yet whether writes are synced: {}", monitor, last);
                }
                pause();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(250);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private @Nullable String ask() throws IOException, InterruptedException {
        for (InetAddress server : InetAddress.getAllByName(monitor.getHost())) {
            URI uri = URI.create("http://" + host(server) + ":" + monitor.getPort() + "/jsz");
            var answer = http.send(
                    HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(2)).build(), BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IOException(uri + " answered " + answer.statusCode());
            }
            JsonNode config = Json.tree(answer.body()).path("config");
            if (!config.path("sync_always").asBoolean(false)) {
                return "the NATS server " + server.getHostAddress()
                        + " acknowledges writes before they are on its disk, so that events could be lost;"
                        + " set jetstream.sync_interval to always (the chart's own NATS has it) and restart it";
            }
        }
        return null;
    }

    private static String host(InetAddress address) {
        String text = address.getHostAddress();
        return text.contains(":") ? "[" + text + "]" : text;
    }
}
