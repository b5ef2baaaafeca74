package dev.kappa.http;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.impl.VertxConnection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How many connections one address may have; those of trusted proxies, behind which there are many callers, do not count. */
public final class ConnectionLimit {
    private final int most;
    private final TrustedProxies proxies;
    private final Map<String, Integer> open = new ConcurrentHashMap<>();

    /**
     * Has seen none.
     *
     * @param most of one address; 0 for any number
     * @param proxies whose connections do not count
     */
    public ConnectionLimit(int most, TrustedProxies proxies) {
        this.most = most;
        this.proxies = proxies;
    }

    /** Counts a new connection until it is closed; false if it is one too many. */
    boolean admits(HttpConnection connection) {
        SocketAddress remote = connection.remoteAddress();
        String address = remote == null ? null : remote.hostAddress();
        if (most == 0 || address == null || proxies.has(address)) {
            return true;
        }
        boolean[] admitted = {false};
        open.compute(address, (key, count) -> {
            int now = count == null ? 0 : count;
            admitted[0] = now < most;
            return admitted[0] ? Integer.valueOf(now + 1) : count;
        });
        if (admitted[0]) {
            ((VertxConnection) connection).channel().closeFuture().addListener(closed -> closed(address));
        }
        return admitted[0];
    }

    private void closed(String address) {
        open.computeIfPresent(address, (key, count) -> count > 1 ? Integer.valueOf(count - 1) : null);
    }
}
