package dev.kappa.sources;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** {@code /healthz}, {@code /readyz} and {@code /metrics}. */
final class HealthServer {
    private final HttpServer server;

    HealthServer(int port, Supplier<List<String>> missing, Supplier<String> metrics) throws IOException {
        server = HttpServer.create(new InetSocketAddress(port), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/healthz", exchange -> answer(exchange, List.of(), "ok\n"));
        server.createContext("/readyz", exchange -> answer(exchange, missing.get(), "ok\n"));
        server.createContext("/metrics", exchange -> answer(exchange, List.of(), metrics.get()));
    }

    void start() {
        server.start();
    }

    private static void answer(HttpExchange exchange, List<String> missing, String text) throws IOException {
        byte[] body = (missing.isEmpty() ? text : String.join("\n", missing) + "\n").getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
        exchange.sendResponseHeaders(missing.isEmpty() ? 200 : 503, body.length);
        try (exchange) {
            exchange.getResponseBody().write(body);
        }
    }
}
