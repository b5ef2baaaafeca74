package dev.kappa.shim.handlers;

import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.factories.JacksonFactory;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.Executors;

/** The JDK's HTTP server, as {@link Echo} is beside it. */
public final class PlainServer {
    private PlainServer() {}

    /**
     * Listens.
     *
     * @param arguments the port
     */
    @SuppressWarnings("rawtypes")
    public static void main(String[] arguments) throws IOException {
        PojoSerializer<Map> json = JacksonFactory.getInstance().getSerializer(Map.class);
        HttpServer server = HttpServer.create(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0])), 256);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            try (exchange) {
                ByteArrayOutputStream out = new ByteArrayOutputStream(2_048);
                json.toJson(json.fromJson(exchange.getRequestBody()), out);
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(200, out.size());
                out.writeTo(exchange.getResponseBody());
            }
        });
        server.start();
    }
}
