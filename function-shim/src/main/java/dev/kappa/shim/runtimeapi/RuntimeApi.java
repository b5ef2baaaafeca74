package dev.kappa.shim.runtimeapi;

import com.amazonaws.services.lambda.runtime.serialization.factories.JacksonFactory;
import dev.kappa.shim.core.Event;
import dev.kappa.shim.core.HeaderText;
import dev.kappa.shim.core.InitError;
import dev.kappa.shim.core.Json;
import dev.kappa.shim.core.Outcome;
import dev.kappa.shim.core.Room;
import dev.kappa.shim.core.StreamedAnswer;
import dev.kappa.shim.http.Exchange;
import dev.kappa.shim.http.Limits;
import dev.kappa.shim.http.Listener;
import dev.kappa.shim.http.Reply;
import dev.kappa.shim.http.Watchdog;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The Lambda Runtime API (2018-06-01) of one runtime, on a loopback port of its own. */
public final class RuntimeApi {
    private static final String BASE = "/2018-06-01/runtime/";
    private static final String HEADER = "Lambda-Runtime-";

    /** Clients send their stack traces in a header of up to 1 MiB. */
    private static final int HEAD_BYTES = (1 << 20) + (64 << 10);

    private static final String INVALID_STATE = "InvalidStateTransition";
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

        /** Lets one call answer an event, the first. */
        Claim claim(String requestId);

        /** Where the answer of an event goes piece by piece; null if its caller waits for all of it. */
        @Nullable
        StreamedAnswer stream(String requestId);

        /** Ends an event; false if it ended meanwhile. */
        boolean finish(String requestId, Outcome outcome);

        /** The answer of an event broke off. */
        void brokeOff(String requestId) throws InterruptedException;

        /** False if the initialisation has ended already. */
        boolean initFailed(InitError error);
    }

    /** Whether a call may answer an event. */
    public enum Claim {
        /** It may. */
        TAKEN,
        /** Another one did or does. */
        ANSWERED,
        /** The runtime has no such event. */
        UNKNOWN
    }

    private final Client client;
    private final Room answers;
    private final Listener.Endpoint others;
    private final Listener listener;

    /**
     * @param port 0 for any free one
     * @param seats events that the runtime takes at once
     * @param answers where answers are kept until they are passed on
     * @param others answers the calls of other APIs, and refuses what is in none
     */
    public RuntimeApi(Client client, int port, int seats, Room answers, Watchdog watchdog, Listener.Endpoint others)
            throws IOException {
        this.client = client;
        this.answers = answers;
        this.others = others;
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
        if (!exchange.path().startsWith(BASE)) {
            others.handle(exchange);
            return;
        }
        String path = exchange.path().substring(BASE.length());
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
            refuse(exchange, 403, INVALID_STATE, String.valueOf(e.getMessage()));
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
            if (event.tenantId() != null) {
                reply.with(HEADER + "Aws-Tenant-Id", event.tenantId());
            }
            exchange.answer(reply);
        }

        @Override
        public void end() {
            exchange.abort();
        }
    }

    /** Whether the call may answer the event; it is refused, and its body not kept, if not. */
    private boolean claims(Exchange exchange, String requestId) throws IOException {
        Claim claim = client.claim(requestId);
        if (claim == Claim.TAKEN) {
            return true;
        }
        exchange.bodyUpTo(0);
        if (claim == Claim.UNKNOWN) {
            refuseId(exchange, requestId);
        } else {
            refuse(exchange, 403, INVALID_STATE, "the event has an answer already: " + requestId);
        }
        return false;
    }

    private void response(Exchange exchange, String requestId) throws IOException {
        if (!claims(exchange, requestId)) {
            return;
        }
        String mode = exchange.header(HEADER + "Function-Response-Mode");
        if (mode != null && !mode.equalsIgnoreCase("streaming")) {
            client.finish(requestId, Outcome.invalidMode(requestId));
            exchange.bodyUpTo(0);
            refuse(exchange, 400, "InvalidFunctionResponseMode", "the only response mode is streaming, not " + mode);
            return;
        }
        boolean whole = mode == null && exchange.bodyLength() >= 0 && exchange.bodyLength() <= Outcome.MAX_ANSWER;
        StreamedAnswer stream = whole ? null : client.stream(requestId); // aws-lambda-go sends chunks and names no mode
        long taken = stream == null ? enter(exchange) : 0;
        try {
            Outcome outcome = stream == null ? AnswerBody.kept(exchange) : AnswerBody.passedOn(exchange, stream);
            finish(exchange, requestId, outcome, stream);
        } catch (AnswerBody.BrokenOffException e) {
            brokeOff(exchange, requestId);
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

    private void finish(Exchange exchange, String requestId, Outcome outcome, @Nullable StreamedAnswer stream)
            throws IOException {
        boolean tooLarge = stream == null ? Outcome.isTooLarge(outcome) : stream.isTooLong();
        if (!client.finish(requestId, outcome)) {
            refuseId(exchange, requestId);
        } else if (tooLarge) {
            long most = stream == null ? Outcome.MAX_ANSWER : StreamedAnswer.MOST;
            refuse(
                    exchange,
                    413,
                    "RequestEntityTooLarge",
                    "Exceeded maximum allowed payload size (" + most + " bytes).");
        } else {
            exchange.answer(Reply.json(202, ACCEPTED).withTheNext());
        }
    }

    private void brokeOff(Exchange exchange, String requestId) throws IOException {
        try {
            client.brokeOff(requestId);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        exchange.answer(error(400, "TruncatedHTTPRequest", "HTTP request detected as truncated")
                .last());
    }

    private void error(Exchange exchange, String requestId) throws IOException {
        if (!claims(exchange, requestId)) {
            return;
        }
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
        if (client.initFailed(new InitError(type, message, body.length == 0 ? Outcome.error(type, message) : body))) {
            exchange.answer(Reply.json(202, ACCEPTED).withTheNext());
        } else {
            refuse(exchange, 403, INVALID_STATE, "the runtime's initialisation has ended");
        }
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
        exchange.answer(error(status, type, message));
    }

    private static Reply error(int status, String type, String message) {
        return Reply.json(
                status,
                new Json().put("errorMessage", message).put("errorType", type).bytes());
    }
}
