package dev.kappa.jetstream;

import dev.kappa.lambda.VersionKey;
import dev.kappa.stores.events.AsyncEvent;
import io.nats.client.Message;
import io.nats.client.impl.Headers;
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

    static AsyncEvent event(Message message) {
        Headers headers = message.getHeaders();
        return new AsyncEvent(
                headers.getFirst(ID),
                new VersionKey(headers.getFirst(NAMESPACE), headers.getFirst(FUNCTION), headers.getFirst(VERSION)),
                headers.getFirst(QUALIFIER),
                message.getData(),
                headers.getFirst(ARN),
                headers.getFirst(CONTEXT),
                headers.getFirst(TRACE),
                headers.getFirst(CALLER),
                Long.parseLong(headers.getFirst(RECEIVED)),
                Integer.parseInt(headers.getFirst(DEPTH)));
    }

    private static void put(Headers headers, String name, @Nullable String value) {
        if (value != null) {
            headers.put(name, value);
        }
    }
}
