package dev.kappa.jetstream;

import dev.kappa.lambda.FunctionKey;
import dev.kappa.lambda.VersionKey;
import dev.kappa.stores.events.AsyncEvent;
import dev.kappa.stores.events.QueueKey;
import io.nats.client.Message;
import io.nats.client.impl.Headers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An event as a message: the payload is the body, all else stands in headers. */
final class EventCodec {
    private static final String ID = "Kappa-Request-Id";
    private static final String NAMESPACE = "Kappa-Namespace";
    private static final String FUNCTION = "Kappa-Function";
    private static final String VERSION = "Kappa-Version";
    private static final String QUALIFIER = "Kappa-Qualifier";
    private static final String ARN = "Kappa-Invoked-Arn";
    private static final String CONTEXT = "Kappa-Client-Context";
    private static final String TRACE = "Kappa-Trace-Id";
    private static final String CALLER = "Kappa-Caller";
    private static final String RECEIVED = "Kappa-Received-At";
    private static final String DEPTH = "Kappa-Depth";

    private EventCodec() {}

    static Headers headers(AsyncEvent event) {
        Headers headers = new Headers()
                .put(ID, event.requestId())
                .put(NAMESPACE, event.version().namespace())
                .put(FUNCTION, event.version().function())
                .put(VERSION, event.version().version())
                .put(ARN, event.invokedArn())
                .put(CALLER, event.caller())
                .put(RECEIVED, String.valueOf(event.receivedAtMs()))
                .put(DEPTH, String.valueOf(event.depth()));
        put(headers, QUALIFIER, event.qualifier());
        put(headers, CONTEXT, event.clientContext());
        put(headers, TRACE, event.traceId());
        return headers;
    }

    /**
     * What a message of a queue says.
     *
     * @param event as far as it can be read
     * @param unreadable why it cannot be run, null if it can
     */
    record Decoded(AsyncEvent event, @Nullable String unreadable) {}

    /** Reads a message; never fails, since the messages after it must be read too. */
    static Decoded decode(Message message, QueueKey queue) {
        Headers headers = message.getHeaders() == null ? new Headers() : message.getHeaders();
        List<String> wrong = new ArrayList<>();
        FunctionKey function = queue.function();
        expect(headers, NAMESPACE, function.namespace(), wrong);
        expect(headers, FUNCTION, function.name(), wrong);
        AsyncEvent event = new AsyncEvent(
                text(headers, ID, () -> idOf(message), wrong),
                new VersionKey(
                        function.namespace(), function.name(), text(headers, VERSION, () -> VersionKey.LATEST, wrong)),
                queue.uid(),
                headers.getFirst(QUALIFIER),
                message.getData(),
                text(headers, ARN, () -> "", wrong),
                headers.getFirst(CONTEXT),
                headers.getFirst(TRACE),
                Objects.requireNonNullElse(headers.getFirst(CALLER), ""),
                number(headers, RECEIVED, keptAtMs(message), wrong),
                (int) number(headers, DEPTH, 0, wrong));
        return new Decoded(
                event, wrong.isEmpty() ? null : "A message of the queue is no event: " + String.join("; ", wrong));
    }

    private static void expect(Headers headers, String name, String value, List<String> wrong) {
        if (!value.equals(headers.getFirst(name))) {
            wrong.add("its header " + name + " is " + shown(headers.getFirst(name)) + " instead of '" + value + "'");
        }
    }

    private static String text(Headers headers, String name, Supplier<String> otherwise, List<String> wrong) {
        String value = headers.getFirst(name);
        if (value != null && !value.isBlank()) {
            return value;
        }
        wrong.add("its header " + name + " is " + shown(value));
        return otherwise.get();
    }

    private static long number(Headers headers, String name, long otherwise, List<String> wrong) {
        String value = headers.getFirst(name);
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            wrong.add("its header " + name + " is " + shown(value) + ", no number");
            return otherwise;
        }
    }

    private static String shown(@Nullable String value) {
        return value == null ? "missing" : "'" + value + "'";
    }

    /** The same message has the same id, however often it is handed out. */
    private static String idOf(Message message) {
        String place =
                message.metaData().getStream() + "/" + message.metaData().streamSequence() + "/" + keptAtMs(message);
        return UUID.nameUUIDFromBytes(place.getBytes(StandardCharsets.UTF_8)).toString();
    }

    private static long keptAtMs(Message message) {
        return message.metaData().timestamp().toInstant().toEpochMilli();
    }

    private static void put(Headers headers, String name, @Nullable String value) {
        if (value != null) {
            headers.put(name, value);
        }
    }
}
