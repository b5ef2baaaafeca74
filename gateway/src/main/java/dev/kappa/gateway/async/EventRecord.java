package dev.kappa.gateway.async;

import dev.kappa.lambda.JsonPayload;
import dev.kappa.lambda.Quotas;
import dev.kappa.stores.events.AsyncEvent;
import dev.kappa.stores.events.Outcome;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** The record that a destination gets, in the form of Lambda's ("Capturing records of Lambda asynchronous invocations"). */
final class EventRecord {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private EventRecord() {}

    /**
     * Builds it.
     *
     * @param outcome how the event ended
     * @param event what it was
     * @return JSON; the answer is left out if the record were too large for an asynchronous event
     */
    static byte[] of(Outcome outcome, AsyncEvent event) {
        byte[] whole = build(outcome, event, outcome.response());
        return whole.length <= Quotas.ASYNC_PAYLOAD_BYTES ? whole : build(outcome, event, null);
    }

    private static byte[] build(Outcome outcome, AsyncEvent event, @Nullable String response) {
        JsonObject request = new JsonObject()
                .put("requestId", outcome.requestId())
                .put("functionArn", qualified(event))
                .put("condition", outcome.condition().words())
                .put("approximateInvokeCount", outcome.invocations());
        Buffer record = Buffer.buffer()
                .appendString("{\"version\":\"1.0\",\"timestamp\":\"")
                .appendString(TIME.format(Instant.ofEpochMilli(outcome.endedAtMs())))
                .appendString("\",\"requestContext\":")
                .appendBuffer(request.toBuffer())
                .appendString(",\"requestPayload\":")
                .appendBytes(event.payload());
        if (outcome.statusCode() != 0) {
            JsonObject context =
                    new JsonObject().put("statusCode", outcome.statusCode()).put("executedVersion", outcome.version());
            if (outcome.functionError() != null) {
                context.put("functionError", outcome.functionError());
            }
            record.appendString(",\"responseContext\":")
                    .appendBuffer(context.toBuffer())
                    .appendString(",\"responsePayload\":")
                    .appendString(json(response));
        }
        return record.appendString("}").getBytes();
    }

    private static String qualified(AsyncEvent event) {
        return event.qualifier() == null
                ? event.invokedArn() + ":" + event.version().version()
                : event.invokedArn();
    }

    /** What handlers of streams answer need not be JSON. */
    private static String json(@Nullable String response) {
        if (response == null || response.isEmpty()) {
            return "null";
        }
        return JsonPayload.isJson(response.getBytes(StandardCharsets.UTF_8)) ? response : Json.encode(response);
    }
}
