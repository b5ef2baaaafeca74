package dev.kappa.gateway.async;

import dev.kappa.stores.events.AsyncEvent;
import dev.kappa.stores.events.Outcome;
import dev.kappa.stores.events.TargetDelivery.Kind;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The headers of a CloudEvent in binary mode (CloudEvents 1.0, HTTP protocol binding), whose data is what web hooks get. */
final class CloudEvent {
    private CloudEvent() {}

    /**
     * Its attributes.
     *
     * @param id the same for every try
     * @param kind why it is sent
     * @param outcome how the function's event ended
     * @param event that event
     */
    static Map<String, String> attributes(String id, Kind kind, Outcome outcome, AsyncEvent event) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("ce-specversion", "1.0");
        all.put("ce-id", id);
        all.put("ce-source", event.invokedArn());
        all.put("ce-type", type(kind));
        all.put("ce-subject", outcome.requestId());
        all.put("ce-time", Instant.ofEpochMilli(outcome.endedAtMs()).toString());
        if (kind == Kind.DEAD_LETTER) {
            Destinations.attributes(outcome)
                    .forEach((name, value) -> all.put("ce-" + name.toLowerCase(Locale.ROOT), value));
        }
        return all;
    }

    private static String type(Kind kind) {
        return switch (kind) {
            case ON_SUCCESS -> "dev.kappa.function.succeeded";
            case ON_FAILURE -> "dev.kappa.function.failed";
            case DEAD_LETTER -> "dev.kappa.function.deadletter";
        };
    }
}
