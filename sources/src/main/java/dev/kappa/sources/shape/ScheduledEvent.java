package dev.kappa.sources.shape;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Writes the event of a tick as EventBridge has it. */
public final class ScheduledEvent {
    private ScheduledEvent() {}

    /**
     * The event.
     *
     * @param id of the event
     * @param account 12 digits
     * @param region of the ARN
     * @param name of the source
     * @param tick its time, also if it is sent late
     * @return JSON
     */
    public static String json(String id, String account, String region, String name, Instant tick) {
        return RecordJson.object(json -> {
            json.writeStringField("version", "0");
            json.writeStringField("id", id);
            json.writeStringField("detail-type", "Scheduled Event");
            json.writeStringField("source", "aws.events");
            json.writeStringField("account", account);
            json.writeStringField("time", tick.truncatedTo(ChronoUnit.SECONDS).toString());
            json.writeStringField("region", region);
            json.writeArrayFieldStart("resources");
            json.writeString("arn:aws:events:" + region + ":" + account + ":rule/" + name);
            json.writeEndArray();
            json.writeObjectFieldStart("detail");
            json.writeEndObject();
        });
    }
}
