package dev.kappa.jetstream;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import dev.kappa.stores.events.QueueException;
import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import io.nats.client.ErrorListener;
import io.nats.client.JetStreamOptions;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connection to NATS: made in the background, and again whenever it breaks. */
public final class NatsLink implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NatsLink.class);
    private static final Duration REQUEST = Duration.ofSeconds(2);
    static final JetStreamOptions JETSTREAM =
            JetStreamOptions.builder().requestTimeout(REQUEST).build();

    private final NatsAccess access;
    private final RetryPolicy<Object> reconnect;
    private final List<Consumer<Connection>> listeners = new CopyOnWriteArrayList<>();
    private volatile @Nullable Connection connection;
    private volatile boolean closed;

    /**
     * Not connected yet.
     *
     * @param access where NATS is, and as whom to connect
     */
    public NatsLink(NatsAccess access) {
        this.access = access;
        this.reconnect = Retries.always(Duration.ofSeconds(1))
                .handle(IOException.class)
                .onRetry(event ->
                        LOG.warn("NATS at {} is tried again: {}", access, String.valueOf(event.getLastException())))
                .build();
    }

    /** Begins to connect; returns at once. */
    public void start() {
        Thread.ofVirtual().name("nats").start(this::connect);
    }

    int replicas() {
        return access.replicas();
    }

    /** Calls back whenever the connection was made, the first time included. */
    void onConnected(Consumer<Connection> listener) {
        listeners.add(listener);
    }

    Connection connection() throws QueueException {
        Connection known = connection;
        if (known == null || known.getStatus() != Connection.Status.CONNECTED) {
            throw new QueueException(
                    "NATS, which keeps events and packages, is not connected: look at the pods of kappa-nats, and try again.");
        }
        return known;
    }

    static QueueException refused(String what, Exception e) {
        return new QueueException("The event queue (NATS) " + what + ": " + e.getMessage(), e);
    }

    /** Ends the connection. */
    @Override
    public void close() {
        closed = true;
        Connection known = connection;
        if (known != null) {
            try {
                known.close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void connect() {
        try {
            Failsafe.with(reconnect).run(() -> {
                if (closed) {
                    return;
                }
                Connection made = Nats.connect(options());
                connection = made;
                tell(made);
            });
        } catch (FailsafeException e) {
            LOG.debug("Nobody waits for NATS any more", e);
        }
    }

    private Options options() throws IOException {
        Options.Builder options = Options.builder()
                .server(access.url())
                .inboxPrefix(access.inbox())
                .connectionName("kappa")
                .connectionTimeout(Duration.ofSeconds(2))
                .reconnectWait(Duration.ofMillis(250))
                .pingInterval(Duration.ofSeconds(5))
                .maxReconnects(-1)
                // What cannot be written now is refused: a write that comes later would be one that nobody waits for.
                .reconnectBufferSize(0)
                // So that a stream that is missing can be told from a server that does not answer.
                .advancedRequestBehavior()
                .errorListener(new ErrorListener() {})
                .connectionListener(this::changed);
        if (!access.user().isEmpty()) {
            options.userInfo(access.user(), access.password());
        }
        if (access.authority() != null) {
            options.sslContext(NatsTls.trusting(access.authority()));
        }
        return options.build();
    }

    private void changed(Connection changed, ConnectionListener.Events event) {
        LOG.info("NATS: {}", event);
        if (event == ConnectionListener.Events.RECONNECTED) {
            tell(changed);
        } else if (event == ConnectionListener.Events.CLOSED && changed.equals(connection)) {
            // The client gives up when it is refused twice, as while a password changes.
            start();
        }
    }

    private void tell(Connection link) {
        listeners.forEach(listener -> Thread.ofVirtual().start(() -> listener.accept(link)));
    }
}
