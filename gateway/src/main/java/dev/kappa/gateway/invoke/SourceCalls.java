package dev.kappa.gateway.invoke;

import dev.kappa.identity.Caller;
import dev.kappa.wire.Wire;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * What kappa-sources alone may say of an event: its id, so that a tick that is sent again stays one event; and that it waits behind
 * the events of callers, as batches do.
 */
public final class SourceCalls {
    private static final CharSequence REQUEST_ID = HttpHeaders.createOptimized(Wire.REQUEST_ID);
    private static final Pattern DERIVED =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-3[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");

    private static final CharSequence WAITS = HttpHeaders.createOptimized(Wire.WAITS_SECONDS);
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,3}");

    private final String sources;

    /**
     * For an installation.
     *
     * @param namespace where Kappa itself runs
     */
    public SourceCalls(String namespace) {
        this.sources = Caller.serviceAccount(namespace, "kappa-sources").name();
    }

    /** The id that the event has already; empty for all other callers, whose events get one. */
    Optional<String> requestId(HttpServerRequest request, Caller caller) {
        String given = request.getHeader(REQUEST_ID);
        return given != null
                        && caller.name().equals(sources)
                        && DERIVED.matcher(given).matches()
                ? Optional.of(given)
                : Optional.empty();
    }

    /** Until when an event waits for an instance that no caller waits for, epoch milliseconds; empty for all other events. */
    OptionalLong waitsUntil(HttpServerRequest request, Caller caller, long nowMs) {
        String seconds = request.getHeader(WAITS);
        return seconds != null
                        && caller.name().equals(sources)
                        && SECONDS.matcher(seconds).matches()
                ? OptionalLong.of(nowMs + Long.parseLong(seconds) * 1000)
                : OptionalLong.empty();
    }
}
