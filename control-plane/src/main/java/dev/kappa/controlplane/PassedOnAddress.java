package dev.kappa.controlplane;

import dev.kappa.http.SourceAddress;
import dev.kappa.identity.InstanceTokens;
import dev.kappa.wire.Wire;
import io.vertx.core.http.HttpServerRequest;

/** Where a call came from that a gateway passed on, as the gateway says; of who comes round the gateways, the connection's. */
record PassedOnAddress(InstanceTokens tokens) implements SourceAddress {
    @Override
    public String of(HttpServerRequest request) {
        String told = request.getHeader(PASSED_ON);
        return told != null && tokens.provesPlatform(request.getHeader(Wire.TOKEN))
                ? told
                : SourceAddress.peer(request);
    }
}
