package dev.kappa.http;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;

/** Tells from which address a call comes. */
@FunctionalInterface
public interface SourceAddress {
    /** By this header a gateway tells kappa-api where a call came from that it passes on; a caller's own is thrown away. */
    String PASSED_ON = "X-Kappa-Source-Address";

    /** The other end of the connection. */
    SourceAddress PEER = SourceAddress::peer;

    /**
     * Where a call comes from.
     *
     * @param request any
     * @return an IP address; empty if the connection is gone and nobody said before
     */
    String of(HttpServerRequest request);

    /**
     * The other end of a call's connection.
     *
     * @param request any
     * @return its IP address, empty if it is not known
     */
    static String peer(HttpServerRequest request) {
        SocketAddress address = request.remoteAddress();
        return address == null || address.hostAddress() == null ? "" : address.hostAddress();
    }
}
