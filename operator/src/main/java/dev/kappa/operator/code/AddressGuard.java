package dev.kappa.operator.code;

import dev.kappa.wire.PublicAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * Keeps fetches off the cluster's own network: a host is refused if any of its addresses is not public. Who connects uses
 * the addresses that were checked, since a name may have others a moment later.
 */
final class AddressGuard {
    /** Finds the addresses of a host. */
    @FunctionalInterface
    interface Resolver {
        InetAddress[] resolve(String host) throws UnknownHostException;
    }

    private final List<String> privateHosts;
    private final Resolver resolver;

    AddressGuard(List<String> privateHosts) {
        this(privateHosts, InetAddress::getAllByName);
    }

    AddressGuard(List<String> privateHosts, Resolver resolver) {
        this.privateHosts = List.copyOf(privateHosts);
        this.resolver = resolver;
    }

    /**
     * The addresses of a host that may be connected to.
     *
     * @throws IOException if it has none, or one that is not public
     */
    List<InetAddress> resolve(String host) throws IOException {
        InetAddress[] addresses = known(host);
        for (InetAddress address : addresses) {
            if (!PublicAddress.is(address) && !privateHosts.contains(host)) {
                throw new IOException(
                        host + " has the address " + address.getHostAddress()
                                + ", which is not a public one; the chart's value operator.privateCodeHosts can allow the host");
            }
        }
        return List.of(addresses);
    }

    /** The JDK's own message is sometimes nothing but the name. */
    private InetAddress[] known(String host) throws UnknownHostException {
        try {
            return resolver.resolve(host);
        } catch (UnknownHostException e) {
            UnknownHostException told = new UnknownHostException("the name " + host + " has no address");
            told.initCause(e);
            throw told;
        }
    }
}
