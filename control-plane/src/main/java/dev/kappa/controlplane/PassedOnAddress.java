package dev.kappa.controlplane;

import dev.kappa.http.SourceAddress;
import dev.kappa.wire.PlatformTokens;
import dev.kappa.wire.Wire;
import io.vertx.core.http.HttpServerRequest;

/** Where a call came from that a gateway passed on, as the gateway says; of who comes round the gateways, the connection's. */
record PassedOnAddress(PlatformTokens tokens) implements SourceAddress {
    @Override
    public String of(HttpServerRequest request) {
        String told = request.getHeader(PASSED_ON);
        return told != null && tokens.proves(request.getHeader(Wire.PLATFORM), request.getHeader(Wire.TOKEN))
                ? told
                : SourceAddress.peer(request);
    }
}
