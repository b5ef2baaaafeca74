package dev.kappa.operator.code;

import dev.kappa.wire.PublicAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;

/**
 * Keeps fetches off the cluster's own network: a host is refused if any of its addresses is not public. The JVM's cache
 * of names (60 s, see OperatorMain) makes the connection that follows use the addresses that were checked.
 */
final class AddressGuard {
    private final List<String> privateHosts;

    AddressGuard(List<String> privateHosts) {
        this.privateHosts = List.copyOf(privateHosts);
    }

    void check(String host) throws IOException {
        if (privateHosts.contains(host)) {
            return;
        }
        for (InetAddress address : InetAddress.getAllByName(host)) {
            if (!PublicAddress.is(address)) {
                throw new IOException(
                        host + " has the address " + address.getHostAddress()
                                + ", which is not a public one; the chart's value operator.privateCodeHosts can allow the host");
            }
        }
    }
}
