package dev.kappa.shim.core;

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
public final class ShimServer {
    private final HttpServer server;

    /** Something that answers one request. */
    public interface Endpoint {
        void handle(HttpExchange exchange) throws IOException, InterruptedException;
    }

    public ShimServer(InetSocketAddress address) throws IOException {
        server = HttpServer.create(address, 256);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    }

    /** Settings of jdk.httpserver; to be called before its first class is loaded. */
    public static void configure() {
        System.setProperty("sun.net.httpserver.nodelay", "true");
        System.setProperty("sun.net.httpserver.idleInterval", "3600"); // the gateway ends idle connections, not we
        System.setProperty("sun.net.httpserver.maxIdleConnections", "10000");
    }

    /** An endpoint for everyone. */
    public void open(String method, String path, Endpoint endpoint) {
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
    public void guarded(String method, String path, String token, Endpoint endpoint) {
        open(method, path, exchange -> {
            String given = exchange.getRequestHeaders().getFirst(Wire.TOKEN);
            if (given == null || !InstanceToken.matches(token, given)) {
                answer(exchange, 403, "the header " + Wire.TOKEN + " is missing or not of this version");
                return;
            }
            endpoint.handle(exchange);
        });
    }

    public void start() {
        server.start();
    }

    public void stop() {
        server.stop(0);
    }

    public int port() {
        return server.getAddress().getPort();
    }

    public static void answer(HttpExchange exchange, int status, String text) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        send(exchange, status, (text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    public static void json(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        send(exchange, status, body);
    }

    public static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
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
