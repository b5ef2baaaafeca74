package dev.kappa.gateway.dispatch;

import dev.kappa.wire.Fate;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/** How an event ended whose connection broke, in the service's words. */
final class Endings {
    private static final int KILLED = 137;

    private Endings() {}

    static Answer of(Event event, String pod, ShimAnswer.Broken broken, Optional<Fate> fate) {
        return fate.map(known -> exited(event, known)).orElseGet(() -> unknown(event, pod, broken));
    }

    static Answer unknown(Event event, String pod, ShimAnswer.Broken broken) {
        return new Answer.Failed(
                502,
                "The connection to instance " + pod + " broke while it ran request " + event.requestId() + " ("
                        + broken.cause()
                        + "), and nothing tells how the event ended. It may have run: retry it if it is idempotent.");
    }

    private static Answer exited(Event event, Fate fate) {
        String how = fate.exitStatus() == KILLED ? "signal: killed" : "exit status " + fate.exitStatus();
        Buffer error = new JsonObject()
                .put("errorType", "Runtime.ExitError")
                .put("errorMessage", "RequestId: " + event.requestId() + " Error: Runtime exited with error: " + how)
                .toBuffer();
        return new Answer.Executed(
                error, event.sink() == null ? "Unhandled" : "Runtime.ExitError", null, event.traceId(), null);
    }
}
