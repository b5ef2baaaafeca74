package dev.kappa.gateway.async;

import dev.kappa.gateway.catalog.Catalog;
import dev.kappa.lambda.Accounts;
import dev.kappa.lambda.FunctionRef;
import dev.kappa.lambda.VersionKey;
import dev.kappa.stores.events.AsyncEvent;
import dev.kappa.stores.events.DestinationException;
import dev.kappa.stores.events.EventQueue;
import dev.kappa.stores.events.Outcome;
import dev.kappa.stores.events.QueueException;
import dev.kappa.stores.events.Subjects;
import dev.kappa.stores.events.Target;
import dev.kappa.stores.events.TargetDelivery;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Brings records and dead letters to their targets: the one place that knows the kinds of them. */
final class Destinations {
    /** Through how many destinations an event may come, as Lambda's detection of recursive loops has it. */
    static final int MAX_DEPTH = 16;

    private static final int ERROR_MESSAGE_BYTES = 1024;

    private final EventQueue queue;
    private final Subjects subjects;
    private final WebHooks webHooks;
    private final Catalog catalog;
    private final Accounts accounts;

    Destinations(EventQueue queue, Subjects subjects, WebHooks webHooks, Catalog catalog, Accounts accounts) {
        this.queue = queue;
        this.subjects = subjects;
        this.webHooks = webHooks;
        this.catalog = catalog;
        this.accounts = accounts;
    }

    /**
     * Sends what is due; the same due twice has the same id, by which targets can tell.
     *
     * @throws DestinationException if the target did not take it
     */
    void send(TargetDelivery due, Outcome outcome, AsyncEvent event) throws DestinationException, InterruptedException {
        String id = UUID.nameUUIDFromBytes(
                        (outcome.requestId() + "/" + due.kind().field()).getBytes(StandardCharsets.UTF_8))
                .toString();
        boolean letter = due.kind() == TargetDelivery.Kind.DEAD_LETTER;
        Map<String, String> attributes = letter ? attributes(outcome) : Map.of();
        byte[] body = letter ? event.payload() : EventRecord.of(outcome, event);
        switch (due.target()) {
            case Target.Function function -> invoke(function, id, attributes, body, event);
            case Target.Nats nats -> subjects.publish(nats.subject(), id, attributes, body);
            case Target.Url url ->
                webHooks.post(
                        url.location(),
                        id,
                        url.cloudEvents() ? CloudEvent.attributes(id, due.kind(), outcome, event) : attributes,
                        body);
        }
    }

    private void invoke(
            Target.Function target, String id, Map<String, String> attributes, byte[] body, AsyncEvent event)
            throws DestinationException {
        FunctionRef ref = new FunctionRef(
                event.version().namespace(),
                target.name(),
                target.qualifier().equals(VersionKey.LATEST) ? null : target.qualifier());
        VersionKey version = catalog.resolve(ref, header -> null)
                .orElseThrow(() -> DestinationException.later(target.words() + " does not exist"));
        if (event.depth() >= MAX_DEPTH) {
            throw DestinationException.never(
                    "the event came through " + MAX_DEPTH + " destinations: a loop, which ends here");
        }
        try {
            queue.publish(new AsyncEvent(
                    id,
                    version,
                    catalog.uid(version.functionKey()),
                    ref.qualifier(),
                    body,
                    accounts.arn(ref),
                    context(attributes),
                    event.traceId(),
                    "kappa:" + event.version(),
                    System.currentTimeMillis(),
                    event.depth() + 1));
        } catch (QueueException e) {
            throw DestinationException.later(String.valueOf(e.getMessage()));
        }
    }

    /** Lambda's attributes of a message in a dead letter queue. */
    static Map<String, String> attributes(Outcome outcome) {
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put("RequestID", outcome.requestId());
        attributes.put("ErrorCode", String.valueOf(outcome.statusCode() == 0 ? 500 : outcome.statusCode()));
        attributes.put("ErrorMessage", message(outcome));
        return attributes;
    }

    private static String message(Outcome outcome) {
        String message = outcome.condition().words();
        if (outcome.functionError() != null && outcome.response() != null) {
            message = outcome.response();
            try {
                message = new JsonObject(outcome.response()).getString("errorMessage", message);
            } catch (RuntimeException e) {
                message = String.valueOf(outcome.response());
            }
        }
        String line = message.replaceAll("[\\p{Cntrl}]+", " ").strip();
        return line.length() <= ERROR_MESSAGE_BYTES ? line : line.substring(0, ERROR_MESSAGE_BYTES);
    }

    /** A function finds the attributes in its context, as {@code client_context.custom}. */
    private static @Nullable String context(Map<String, String> attributes) {
        if (attributes.isEmpty()) {
            return null;
        }
        JsonObject custom = new JsonObject();
        attributes.forEach(custom::put);
        byte[] json = new JsonObject().put("custom", custom).toBuffer().getBytes();
        return Base64.getEncoder().encodeToString(json);
    }
}
