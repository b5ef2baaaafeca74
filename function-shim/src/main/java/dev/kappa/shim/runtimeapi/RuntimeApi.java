package dev.kappa.shim.runtimeapi;

import com.amazonaws.services.lambda.runtime.serialization.factories.JacksonFactory;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.kappa.shim.core.Event;
import dev.kappa.shim.core.HeaderText;
import dev.kappa.shim.core.InitError;
import dev.kappa.shim.core.Json;
import dev.kappa.shim.core.Outcome;
import dev.kappa.shim.core.ShimServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** The Lambda Runtime API (2018-06-01) of one runtime, on a loopback port of its own. */
public final class RuntimeApi {
    private static final String BASE = "/2018-06-01/runtime/";
    private static final String HEADER = "Lambda-Runtime-";

    /** The runtime as its client talks of it. */
    public interface Client {
        /**
         * Waits for the next event.
         *
         * @return null when the runtime is gone
         * @throws IllegalStateException if the last one is not answered yet
         */
        @Nullable
        Event next() throws InterruptedException;

        /** The event did not reach the runtime; the next that asks gets it. */
        void giveBack(String requestId);

        /** Ends the current event; false if the id is not its. */
        boolean finish(String requestId, Outcome outcome);

        void initFailed(InitError error);
    }

    private final Client client;
    private final HttpServer server;

    /**
     * @param port 0 for any free one
     */
    public RuntimeApi(Client client, int port) throws IOException {
        this.client = client;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 16);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext(BASE, this::handle);
        server.start();
    }

    public int port() {
        return server.getAddress().getPort();
    }

    public void stop() {
        server.stop(0);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath().substring(BASE.length());
            String[] parts = path.split("/", -1);
            boolean post = exchange.getRequestMethod().equals("POST");
            if (path.equals("invocation/next") && !post) {
                next(exchange);
            } else if (post && path.equals("init/error")) {
                initError(exchange);
            } else if (post && parts.length == 3 && parts[0].equals("invocation") && parts[2].equals("response")) {
                response(exchange, parts[1]);
            } else if (post && parts.length == 3 && parts[0].equals("invocation") && parts[2].equals("error")) {
                error(exchange, parts[1]);
            } else {
                refuse(exchange, 404, "InvalidPath", "no such path in the Runtime API: " + path);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void next(HttpExchange exchange) throws IOException, InterruptedException {
        Event event;
        try {
            event = client.next();
        } catch (IllegalStateException e) {
            refuse(exchange, 403, "InvalidStateTransition", String.valueOf(e.getMessage()));
            return;
        }
        if (event == null) {
            return;
        }
        Headers headers = exchange.getResponseHeaders();
        headers.set(HEADER + "Aws-Request-Id", event.requestId());
        headers.set(HEADER + "Deadline-Ms", Long.toString(event.deadlineMs()));
        headers.set(HEADER + "Invoked-Function-Arn", event.invokedArn());
        if (event.traceId() != null) {
            headers.set(HEADER + "Trace-Id", event.traceId());
        }
        if (event.clientContext() != null) {
            headers.set(HEADER + "Client-Context", HeaderText.ofJson(event.clientContext()));
        }
        try {
            ShimServer.json(exchange, 200, event.payload());
        } catch (IOException e) {
            client.giveBack(event.requestId());
            throw e;
        }
    }

    private void response(HttpExchange exchange, String requestId) throws IOException {
        String mode = exchange.getRequestHeaders().getFirst(HEADER + "Function-Response-Mode");
        if (mode != null && !mode.equalsIgnoreCase("streaming") && !mode.equalsIgnoreCase("buffered")) {
            refuse(exchange, 400, "InvalidFunctionResponseMode", "unknown response mode " + mode);
            return;
        }
        byte[] body;
        try (InputStream in = exchange.getRequestBody()) {
            body = in.readNBytes(Outcome.MAX_ANSWER + 1);
            in.transferTo(java.io.OutputStream.nullOutputStream());
        } catch (IOException e) {
            refuse(exchange, 400, "TruncatedHTTPRequest", "the answer ended early: " + e.getMessage());
            return;
        }
        if (!client.finish(requestId, Outcome.answer(body))) {
            refuseId(exchange, requestId);
        } else if (body.length > Outcome.MAX_ANSWER) {
            refuse(
                    exchange,
                    413,
                    "RequestEntityTooLarge",
                    "Exceeded maximum allowed payload size (" + Outcome.MAX_ANSWER + " bytes).");
        } else {
            accept(exchange);
        }
    }

    private void error(HttpExchange exchange, String requestId) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String type = bookedType(exchange);
        byte[] shown = body.length == 0 ? new Json().put("errorType", type).bytes() : body;
        if (client.finish(requestId, new Outcome.Failure(type, shown))) {
            accept(exchange);
        } else {
            refuseId(exchange, requestId);
        }
    }

    private void initError(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        Map<?, ?> error = parsed(body);
        String type = error.get("errorType") instanceof String given ? given : bookedType(exchange);
        String message = error.get("errorMessage") instanceof String given ? given : "";
        client.initFailed(new InitError(type, message, body.length == 0 ? Outcome.error(type, message) : body));
        accept(exchange);
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

    private static String bookedType(HttpExchange exchange) {
        String claimed = exchange.getRequestHeaders().getFirst(HEADER + "Function-Error-Type");
        return Outcome.bookedType(claimed == null ? "" : claimed);
    }

    private static void accept(HttpExchange exchange) throws IOException {
        ShimServer.json(exchange, 202, new Json().put("status", "OK").bytes());
    }

    private static void refuseId(HttpExchange exchange, String requestId) throws IOException {
        refuse(exchange, 400, "InvalidRequestID", "not the current event: " + requestId);
    }

    private static void refuse(HttpExchange exchange, int status, String type, String message) throws IOException {
        ShimServer.json(
                exchange,
                status,
                new Json().put("errorMessage", message).put("errorType", type).bytes());
    }
}
