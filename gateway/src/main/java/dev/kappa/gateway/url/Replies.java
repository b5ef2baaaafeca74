package dev.kappa.gateway.url;

import dev.kappa.gateway.dispatch.Answer;
import dev.kappa.http.Reply;
import dev.kappa.lambda.ThrottleReason;
import dev.kappa.wire.Wire;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;

/** Reads what another gateway answers of an event as it would be answered here. */
final class Replies {
    private static final int OK = 200;
    private static final int THROTTLED = 429;

    private Replies() {}

    static Answer answer(Reply reply) {
        if (reply.status() == OK) {
            return new Answer.Executed(
                    reply.body(), reply.header("X-Amz-Function-Error"), null, reply.header(Wire.TRACE_ID), null);
        }
        JsonObject said = said(reply);
        return reply.status() == THROTTLED
                ? new Answer.Throttled(reason(said.getString("Reason", "")))
                : new Answer.Failed(reply.status(), said.getString("Message", said.getString("message", "")));
    }

    static String lost(String cause) {
        return "The gateway that ran the event went away (" + cause
                + "). It may have run: retry it if it is idempotent.";
    }

    private static ThrottleReason reason(String code) {
        return Arrays.stream(ThrottleReason.values())
                .filter(it -> it.code().equals(code))
                .findFirst()
                .orElse(ThrottleReason.CONCURRENT);
    }

    private static JsonObject said(Reply reply) {
        try {
            return new JsonObject(reply.body());
        } catch (DecodeException e) {
            return new JsonObject();
        }
    }
}
