package dev.kappa.shim.runtimeapi;

import com.amazonaws.services.lambda.runtime.serialization.factories.JacksonFactory;
import dev.kappa.shim.core.Event;
import dev.kappa.shim.core.HeaderText;
import dev.kappa.shim.core.InitError;
import dev.kappa.shim.core.Json;
import dev.kappa.shim.core.Outcome;
import dev.kappa.shim.core.Room;
import dev.kappa.shim.http.Exchange;
import dev.kappa.shim.http.Limits;
import dev.kappa.shim.http.Listener;
import dev.kappa.shim.http.Reply;
import dev.kappa.shim.http.Watchdog;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The Lambda Runtime API (2018-06-01) of one runtime, on a loopback port of its own. */
public final class RuntimeApi {
    private static final String BASE = "/2018-06-01/runtime/";
    private static final String HEADER = "Lambda-Runtime-";

    /** Clients send their stack traces in a header of up to 1 MiB. */
    private static final int HEAD_BYTES = (1 << 20) + (64 << 10);

    private static final long HEAD_MS = 60_000;
    private static final byte[] ACCEPTED = new Json().put("status", "OK").bytes();

    /** A call of next that has no event yet. */
    public interface Waiting {
        /**
         * Answers with the event.
         *
         * @throws IOException if nobody waits any more
         */
        void give(Event event) throws IOException;

        /** The runtime is gone: there will be no event. */
        void end();
    }

    /** The runtime as its client talks of it. */
    public interface Client {
        /**
         * Gives the next event to who waits, at once or when there is one.
         *
         * @throws IllegalStateException if the last one is not answered yet
         */
        void next(Waiting waiting);

        /** Nobody waits any more; an event that was given did not reach the runtime, and the next that asks gets it. */
        void gone(Waiting waiting);

        /** Ends the current event; false if the id is not its. */
        boolean finish(String requestId, Outcome outcome);

        void initFailed(InitError error);
    }

    private final Client client;
    private final Room answers;
    private final Listener listener;

    /**
     * @param port 0 for any free one
     * @param seats events that the runtime takes at once
     * @param answers where answers are kept until they are passed on
     */
    public RuntimeApi(Client client, int port, int seats, Room answers, Watchdog watchdog) throws IOException {
        this.client = client;
        this.answers = answers;
        Limits limits =
                new Limits(HEAD_BYTES, 200, Outcome.MAX_ANSWER, 0, HEAD_MS, 0, 0, 64 + 2 * seats, 2 + 2 * seats);
        listener = new Listener(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port), limits, watchdog, this::handle);
        listener.start(true);
    }

    public int port() {
        return listener.port();
    }

    public void stop() {
        listener.stop();
    }

    private void handle(Exchange exchange) throws IOException {
        String path = exchange.path().startsWith(BASE) ? exchange.path().substring(BASE.length()) : "";
        boolean post = exchange.method().equals("POST");
        if (path.equals("invocation/next") && exchange.method().equals("GET")) {
            next(exchange);
        } else if (post && path.equals("init/error")) {
            initError(exchange);
        } else if (post && path.startsWith("invocation/") && path.endsWith("/response")) {
            response(exchange, path.substring(11, Math.max(11, path.length() - 9)));
        } else if (post && path.startsWith("invocation/") && path.endsWith("/error")) {
            error(exchange, path.substring(11, Math.max(11, path.length() - 6)));
        } else {
            refuse(exchange, 404, "InvalidPath", "no such path in the Runtime API: " + exchange.path());
        }
    }

    private void next(Exchange exchange) throws IOException {
        Next waiting = new Next(exchange);
        exchange.whenBroken(() -> client.gone(waiting));
        try {
            client.next(waiting);
        } catch (IllegalStateException e) {
            refuse(exchange, 403, "InvalidStateTransition", String.valueOf(e.getMessage()));
        }
    }

    private record Next(Exchange exchange) implements Waiting {
        @Override
        public void give(Event event) throws IOException {
            Reply reply = Reply.json(200, event.payload())
                    .with(HEADER + "Aws-Request-Id", event.requestId())
                    .with(HEADER + "Deadline-Ms", Long.toString(event.deadlineMs()))
                    .with(HEADER + "Invoked-Function-Arn", event.invokedArn());
            if (event.traceId() != null) {
                reply.with(HEADER + "Trace-Id", event.traceId());
            }
            if (event.clientContext() != null) {
                reply.with(HEADER + "Client-Context", HeaderText.ofJson(event.clientContext()));
            }
            exchange.answer(reply);
        }

        @Override
        public void end() {
            exchange.abort();
        }
    }

    private void response(Exchange exchange, String requestId) throws IOException {
        String mode = exchange.header(HEADER + "Function-Response-Mode");
        if (mode != null && !mode.equalsIgnoreCase("streaming") && !mode.equalsIgnoreCase("buffered")) {
            refuse(exchange, 400, "InvalidFunctionResponseMode", "unknown response mode " + mode);
            return;
        }
        long taken = enter(exchange);
        try {
            finish(exchange, requestId);
        } finally {
            answers.leave(taken);
        }
    }

    private long enter(Exchange exchange) throws IOException {
        try {
            return answers.enter(exchange.bodyLength());
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private void finish(Exchange exchange, String requestId) throws IOException {
        byte[] body = exchange.bodyUpTo(Outcome.MAX_ANSWER);
        if (!client.finish(requestId, outcome(exchange, body))) {
            refuseId(exchange, requestId);
        } else if (body == null) {
            refuse(
                    exchange,
                    413,
                    "RequestEntityTooLarge",
                    "Exceeded maximum allowed payload size (" + Outcome.MAX_ANSWER + " bytes).");
        } else {
            exchange.answer(Reply.json(202, ACCEPTED).withTheNext());
        }
    }

    private static Outcome outcome(Exchange exchange, byte @Nullable [] body) {
        if (body == null) {
            return Outcome.tooLarge();
        }
        String failed = exchange.trailer(HEADER + "Function-Error-Type");
        if (failed == null) {
            return new Outcome.Answer(body);
        }
        String type = Outcome.bookedType(failed); // a stream that failed after it had begun
        String shown = exchange.trailer(HEADER + "Function-Error-Body");
        return new Outcome.Failure(type, shown == null ? Outcome.error(type, "") : decoded(type, shown));
    }

    private static byte[] decoded(String type, String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            return Outcome.error(type, "");
        }
    }

    private void error(Exchange exchange, String requestId) throws IOException {
        byte[] body = exchange.body();
        String type = bookedType(exchange);
        byte[] shown = body.length == 0 ? new Json().put("errorType", type).bytes() : body;
        if (client.finish(requestId, new Outcome.Failure(type, shown))) {
            exchange.answer(Reply.json(202, ACCEPTED).withTheNext());
        } else {
            refuseId(exchange, requestId);
        }
    }

    private void initError(Exchange exchange) throws IOException {
        byte[] body = exchange.body();
        Map<?, ?> error = parsed(body);
        String type = error.get("errorType") instanceof String given ? given : bookedType(exchange);
        String message = error.get("errorMessage") instanceof String given ? given : "";
        client.initFailed(new InitError(type, message, body.length == 0 ? Outcome.error(type, message) : body));
        exchange.answer(Reply.json(202, ACCEPTED).withTheNext());
    }

    private static Map<?, ?> parsed(byte[] body) {
        try {
            String text = new String(body, StandardCharsets.UTF_8);
            Map<?, ?> map =
                    JacksonFactory.getInstance().getSerializer(Map.class).fromJson(text);
            return map == null ? Map.of() : map;
        } catch (RuntimeException e) {
            return Map.of();
        }
    }

    private static String bookedType(Exchange exchange) {
        String claimed = exchange.header(HEADER + "Function-Error-Type");
        return Outcome.bookedType(claimed == null ? "" : claimed);
    }

    private static void refuseId(Exchange exchange, String requestId) throws IOException {
        refuse(exchange, 400, "InvalidRequestID", "not the current event: " + requestId);
    }

    private static void refuse(Exchange exchange, int status, String type, String message) throws IOException {
        exchange.answer(Reply.json(
                status,
                new Json().put("errorMessage", message).put("errorType", type).bytes()));
    }
}
