package dev.kappa.jetstream;

import dev.kappa.stores.events.QueueException;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.RequestFailureException;
import io.nats.client.RequestFailureReason;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes streams before they are used, and makes them again when one is found missing: NATS may have lost its disk. */
final class Streams {
    private static final Logger LOG = LoggerFactory.getLogger(Streams.class);
    private static final int STREAM_NOT_FOUND = 10059;
    private static final int CONSUMER_NOT_FOUND = 10014;
    private static final int NO_MESSAGE_FOUND = 10037;

    private final NatsLink link;
    private final Set<String> known = ConcurrentHashMap.newKeySet();

    /** A call that needs a stream. */
    interface Call<T> {
        T run(Connection connection) throws IOException, JetStreamApiException;
    }

    Streams(NatsLink link) {
        this.link = link;
        link.onConnected(connection -> known.clear());
    }

    /** Runs a call on a stream that is there; runs it again if the stream proves to be missing. */
    <T> T use(StreamConfiguration wanted, Call<T> call) throws QueueException, IOException, JetStreamApiException {
        make(wanted);
        try {
            return run(call);
        } catch (IOException | JetStreamApiException e) {
            if (!mayBeMissing(e)) {
                throw e;
            }
            LOG.warn("The stream {} is looked for, and made again if NATS has lost it", wanted.getName());
        }
        known.remove(wanted.getName());
        make(wanted);
        return run(call);
    }

    /** Reads from a stream; empty if there is no such stream, or no such message in it. */
    <T> Optional<T> find(String name, Call<@Nullable T> call)
            throws QueueException, IOException, JetStreamApiException {
        try {
            return Optional.ofNullable(run(call));
        } catch (IOException | JetStreamApiException e) {
            if (code(e) == NO_MESSAGE_FOUND || (mayBeMissing(e) && !exists(name))) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private <T> T run(Call<T> call) throws QueueException, IOException, JetStreamApiException {
        try {
            return call.run(link.connection());
        } catch (IllegalStateException e) {
            // The client's way to say that the connection went away meanwhile.
            throw new IOException(e.getMessage(), e);
        }
    }

    /** Whether there may be no such stream or consumer; servers that do not answer look the same to some calls. */
    private static boolean mayBeMissing(Exception e) {
        int code = code(e);
        return code == STREAM_NOT_FOUND || code == CONSUMER_NOT_FOUND || hasNoResponders(e);
    }

    private static boolean hasNoResponders(Exception e) {
        return e instanceof RequestFailureException request
                ? request.getReason() == RequestFailureReason.NO_RESPONDERS
                : String.valueOf(e.getMessage()).contains("503 No Responders");
    }

    /** JetStream's code of an error, also of one that the client wrapped; 0 if it is none. */
    private static int code(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof JetStreamApiException api) {
                return api.getApiErrorCode();
            }
        }
        return 0;
    }

    private boolean exists(String name) throws QueueException, IOException, JetStreamApiException {
        try {
            link.connection().jetStreamManagement(NatsLink.JETSTREAM).getStreamInfo(name);
            return true;
        } catch (JetStreamApiException e) {
            if (e.getApiErrorCode() == STREAM_NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    private void make(StreamConfiguration wanted) throws QueueException, IOException, JetStreamApiException {
        if (known.contains(wanted.getName())) {
            return;
        }
        JetStreamManagement management = link.connection().jetStreamManagement(NatsLink.JETSTREAM);
        try {
            follow(management, wanted);
        } catch (JetStreamApiException e) {
            if (e.getApiErrorCode() != STREAM_NOT_FOUND) {
                throw e;
            }
            management.addStream(wanted);
        }
        known.add(wanted.getName());
    }

    /** The chart's values may have changed since the stream was made. */
    private static void follow(JetStreamManagement management, StreamConfiguration wanted)
            throws IOException, JetStreamApiException {
        StreamConfiguration there = management.getStreamInfo(wanted.getName()).getConfiguration();
        if (there.getReplicas() == wanted.getReplicas() && there.getMaxBytes() == wanted.getMaxBytes()) {
            return;
        }
        try {
            management.updateStream(StreamConfiguration.builder(there)
                    .replicas(wanted.getReplicas())
                    .maxBytes(wanted.getMaxBytes())
                    .build());
        } catch (JetStreamApiException e) {
            LOG.warn(
                    "The stream {} stays in {} servers with {} bytes instead of {} with {}: {}",
                    wanted.getName(),
                    there.getReplicas(),
                    there.getMaxBytes(),
                    wanted.getReplicas(),
                    wanted.getMaxBytes(),
                    e.getMessage());
        }
    }
}
