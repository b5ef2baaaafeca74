package dev.kappa.http;

import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * Finds the address of callers behind proxies that may tell it by {@code X-Forwarded-For}; of others the header says nothing.
 * Each proxy adds at the end whom it heard, so the last one that is no trusted proxy is the caller.
 */
public final class TrustedProxies implements SourceAddress {
    private final List<AddressRange> ranges;

    /**
     * Trusts proxies.
     *
     * @param ranges their addresses, such as {@code 10.0.0.0/8}
     * @throws IllegalArgumentException if one is no range
     */
    public TrustedProxies(List<String> ranges) {
        this.ranges = ranges.stream().map(AddressRange::of).toList();
    }

    @Override
    public String of(HttpServerRequest request) {
        String peer = SourceAddress.peer(request);
        return ranges.isEmpty() ? peer : caller(peer, request.headers().getAll("X-Forwarded-For"));
    }

    /**
     * Whether a proxy that is trusted made a call for somebody else.
     *
     * @param request any
     * @return whether its headers count
     */
    public boolean trusts(HttpServerRequest request) {
        return has(SourceAddress.peer(request));
    }

    /** Whether an address is one of a trusted proxy. */
    boolean has(String address) {
        return !ranges.isEmpty()
                && AddressRange.address(address).filter(this::has).isPresent();
    }

    private boolean has(InetAddress address) {
        return ranges.stream().anyMatch(it -> it.contains(address));
    }

    String caller(String peer, List<String> forwarded) {
        if (!has(peer)) {
            return peer;
        }
        String caller = peer;
        String[] path = String.join(",", forwarded).split(",", -1);
        for (int i = path.length - 1; i >= 0; i--) {
            Optional<InetAddress> address = AddressRange.address(path[i].strip());
            if (address.isEmpty()) {
                return caller;
            }
            caller = address.get().getHostAddress();
            if (!has(address.get())) {
                return caller;
            }
        }
        return caller;
    }
}
