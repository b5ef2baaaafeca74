package dev.kappa.shim;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.kappa.wire.InstanceToken;
import dev.kappa.wire.Wire;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

/** The shim's listener: checks the token and hands over. */
final class ShimServer {
    private final HttpServer server;

    /** Something that answers one request. */
    interface Endpoint {
        void handle(HttpExchange exchange) throws IOException, InterruptedException;
    }

    ShimServer(InetSocketAddress address) throws IOException {
        server = HttpServer.create(address, 256);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    }

    /** Settings of jdk.httpserver; to be called before its first class is loaded. */
    static void configure() {
        System.setProperty("sun.net.httpserver.nodelay", "true");
        System.setProperty("sun.net.httpserver.idleInterval", "3600"); // the gateway ends idle connections, not we
        System.setProperty("sun.net.httpserver.maxIdleConnections", "10000");
    }

    /** An endpoint for everyone. */
    void open(String method, String path, Endpoint endpoint) {
        server.createContext(path, exchange -> {
            try (exchange) {
                if (!exchange.getRequestMethod().equals(method)) {
                    answer(exchange, 405, "use " + method);
                    return;
                }
                endpoint.handle(exchange);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                System.err.println("kappa: " + path + " failed: " + e);
                throw e;
            }
        });
    }

    /** An endpoint for who holds this version's token. */
    void guarded(String method, String path, String token, Endpoint endpoint) {
        open(method, path, exchange -> {
            String given = exchange.getRequestHeaders().getFirst(Wire.TOKEN);
            if (given == null || !InstanceToken.matches(token, given)) {
                answer(exchange, 403, "the header " + Wire.TOKEN + " is missing or not of this version");
                return;
            }
            endpoint.handle(exchange);
        });
    }

    void start() {
        server.start();
    }

    void stop() {
        server.stop(0);
    }

    int port() {
        return server.getAddress().getPort();
    }

    static void answer(HttpExchange exchange, int status, String text) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        send(exchange, status, (text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    static void json(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        send(exchange, status, body);
    }

    static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        } else {
            exchange.close();
        }
    }
}
