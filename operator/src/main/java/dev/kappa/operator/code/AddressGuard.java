package dev.kappa.operator.code;

import java.io.IOException;
import java.net.Inet6Address;
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
            if (!isPublic(address)) {
                throw new IOException(
                        host + " has the address " + address.getHostAddress()
                                + ", which is not a public one; the chart's value operator.privateCodeHosts can allow the host");
            }
        }
    }

    static boolean isPublic(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()) {
            return false;
        }
        return address instanceof Inet6Address ? isPublicV6(bytes) : isPublicV4(bytes);
    }

    private static boolean isPublicV4(byte[] bytes) {
        int first = bytes[0] & 0xff;
        int second = bytes[1] & 0xff;
        boolean sharedOfCarriers = first == 100 && second >= 64 && second < 128;
        boolean benchmark = first == 198 && (second == 18 || second == 19);
        return first != 0 && first < 240 && !sharedOfCarriers && !benchmark && !(first == 192 && second == 0);
    }

    /** Global unicast only, and none of the prefixes that wrap an IPv4 address. */
    private static boolean isPublicV6(byte[] bytes) {
        boolean global = (bytes[0] & 0xe0) == 0x20;
        boolean sixToFour = bytes[0] == 0x20 && bytes[1] == 0x02;
        boolean teredo = bytes[0] == 0x20 && bytes[1] == 0x01 && bytes[2] == 0 && bytes[3] == 0;
        return global && !sixToFour && !teredo;
    }
}
