package dev.kappa.shim.core;

import dev.kappa.shim.http.Exchange;
import dev.kappa.shim.http.Limits;
import dev.kappa.shim.http.Listener;
import dev.kappa.shim.http.Reply;
import dev.kappa.shim.http.Watchdog;
import dev.kappa.wire.Wire;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The shim's listener: checks the token and hands over. */
public final class ShimServer {
    private static final int MOST_OTHERS = 64;

    /** Each gateway may keep one for each event at once. */
    private static final int CONNECTIONS_A_SEAT = 16;

    private final Map<String, Route> routes = new HashMap<>();
    private final Listener listener;
    private Listener.@Nullable Endpoint local;

    private record Route(String method, Listener.Endpoint endpoint) {}

    /**
     * @param capacity events that run at once
     */
    public ShimServer(InetSocketAddress address, int capacity, Watchdog watchdog) throws IOException {
        int connections = MOST_OTHERS + CONNECTIONS_A_SEAT * capacity;
        Limits limits = new Limits(64 << 10, 100, Outcome.MAX_ANSWER, 10_000, 10_000, 60_000, 60_000, connections, 1);
        listener = new Listener(address, limits, watchdog, this::handle);
    }

    /** An endpoint for everyone; before {@link #start}. */
    public void open(String method, String path, Listener.Endpoint endpoint) {
        routes.put(path, new Route(method, endpoint));
    }

    /** An endpoint for who shows a token that proves enough. */
    public void guarded(String method, String path, Predicate<String> proof, Listener.Endpoint endpoint) {
        open(method, path, exchange -> {
            String given = exchange.header(Wire.TOKEN);
            if (given == null || !proof.test(given)) {
                exchange.answer(
                        Reply.text(403, "the header " + Wire.TOKEN + " is missing, not of this instance, or too old"));
                return;
            }
            exchange.proven();
            endpoint.handle(exchange);
        });
    }

    /** What answers all other paths, to processes of this pod only; before {@link #start}. */
    public void local(Listener.Endpoint endpoint) {
        local = endpoint;
    }

    private void handle(Exchange exchange) throws IOException {
        Route route = routes.get(exchange.path());
        Listener.Endpoint others = local;
        if (route == null && others != null && exchange.isLocal()) {
            exchange.proven();
            others.handle(exchange);
        } else if (route == null) {
            exchange.answer(Reply.text(404, "no such path: " + exchange.path()));
        } else if (!route.method().equals(exchange.method())) {
            exchange.answer(Reply.text(405, "use " + route.method()).with("Allow", route.method()));
        } else {
            try {
                route.endpoint().handle(exchange);
            } catch (RuntimeException e) {
                System.err.println("kappa: " + exchange.path() + " failed: " + e);
                exchange.abort();
            }
        }
    }

    public void start() {
        listener.start(false);
    }

    public int port() {
        return listener.port();
    }
}
