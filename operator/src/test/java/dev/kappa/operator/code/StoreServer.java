package dev.kappa.operator.code;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.kappa.wire.PlatformTokens;
import dev.kappa.wire.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A package store with the contract of {@link Wire#PACKAGES}, whose disk a test can wipe. */
final class StoreServer implements AutoCloseable {
    /** Whoever calls is believed, and believes the answers. */
    static final PlatformTokens TOKENS = new PlatformTokens(
            "key", List.of(PlatformTokens.GATEWAYS, PlatformTokens.API), false, InstantSource.system());

    final Set<String> packages = ConcurrentHashMap.newKeySet();
    final AtomicInteger lookUps = new AtomicInteger();
    volatile boolean broken;
    private final HttpServer server;

    StoreServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(Wire.PACKAGES + "/", exchange -> {
            try (exchange) {
                answer(exchange);
            }
        });
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String name = exchange.getRequestURI().getPath().substring(Wire.PACKAGES.length() + 1);
        byte[] body = exchange.getRequestBody().readAllBytes();
        String proof = TOKENS.answer(exchange.getRequestHeaders().getFirst(Wire.PLATFORM))
                .orElseThrow();
        exchange.getResponseHeaders().set(Wire.PROOF, proof);
        if (broken) {
            exchange.sendResponseHeaders(503, -1);
        } else if (exchange.getRequestMethod().equals("PUT")) {
            packages.add(name + "/" + CodeSource.sha256(body));
            exchange.sendResponseHeaders(201, -1);
        } else {
            lookUps.incrementAndGet();
            exchange.sendResponseHeaders(packages.contains(name) ? 200 : 404, -1);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
