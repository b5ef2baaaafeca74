package dev.kappa.gateway.cluster;

import static dev.kappa.gateway.cluster.Resources.map;
import static dev.kappa.gateway.cluster.Resources.number;
import static dev.kappa.gateway.cluster.Resources.text;

import dev.kappa.gateway.catalog.AsyncSettings;
import dev.kappa.stores.events.Target;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code spec.async} and destinations. */
final class AsyncResource {
    private AsyncResource() {}

    static @Nullable AsyncSettings settings(@Nullable Object value) {
        if (!(value instanceof Map<?, ?> async)) {
            return null;
        }
        return new AsyncSettings(
                number(async.get("maxRetryAttempts")).orElse(AsyncSettings.DEFAULT.maxRetryAttempts()),
                durationMs(text(async.get("maxEventAge"))),
                target(async.get("onSuccess")),
                target(async.get("onFailure")));
    }

    static @Nullable Target target(@Nullable Object value) {
        Map<?, ?> destination = map(value);
        String function = text(destination.get("function"));
        String subject = text(map(destination.get("nats")).get("subject"));
        String location = text(map(destination.get("url")).get("location"));
        if (function != null) {
            int dot = function.indexOf('.');
            return dot < 0
                    ? new Target.Function(function, "$LATEST")
                    : new Target.Function(function.substring(0, dot), function.substring(dot + 1));
        }
        if (subject != null) {
            return new Target.Nats(subject);
        }
        return location == null ? null : new Target.Url(location);
    }

    /** A number and one of s, m, h, as the CRD admits it. */
    private static long durationMs(@Nullable String text) {
        if (text == null || !text.matches("[0-9]{1,9}[smh]")) {
            return AsyncSettings.DEFAULT.maxEventAgeMs();
        }
        long number = Long.parseLong(text.substring(0, text.length() - 1));
        return number
                * switch (text.charAt(text.length() - 1)) {
                    case 's' -> 1000L;
                    case 'm' -> 60_000L;
                    default -> 3_600_000L;
                };
    }
}
