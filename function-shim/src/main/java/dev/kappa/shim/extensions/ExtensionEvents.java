package dev.kappa.shim.extensions;

import dev.kappa.shim.core.Event;
import dev.kappa.shim.core.Json;

/** What extensions hear, in the shapes of Lambda's Extensions API. */
final class ExtensionEvents {
    private ExtensionEvents() {}

    static byte[] invocation(Event event) {
        Json json = new Json()
                .put("eventType", Extension.INVOKE)
                .put("deadlineMs", event.deadlineMs())
                .put("requestId", event.requestId())
                .put("invokedFunctionArn", event.invokedArn());
        String trace = event.traceId();
        return trace == null
                ? json.bytes()
                : json.put("tracing", new Json().put("type", "X-Amzn-Trace-Id").put("value", trace))
                        .bytes();
    }

    /**
     * The end.
     *
     * @param reason spindown, timeout or failure
     */
    static byte[] shutdown(long deadlineMs, String reason) {
        return new Json()
                .put("eventType", Extension.SHUTDOWN)
                .put("deadlineMs", deadlineMs)
                .put("shutdownReason", reason)
                .bytes();
    }

    /** Refuses an event that an extension cannot register for. */
    static void check(String event, boolean external, int capacity) throws Refusal {
        String type = "Extension.InvalidEventType";
        if (event.equals(Extension.SHUTDOWN)) {
            if (!external) {
                throw new Refusal(type, event + ": ShutdownEventNotSupportedForInternalExtension");
            }
        } else if (!event.equals(Extension.INVOKE)) {
            throw new Refusal(type, event + ": ErrorInvalidEventType");
        } else if (capacity > 1) {
            throw new Refusal(type, event + ": a function that takes several events at once has no such event");
        }
    }
}
