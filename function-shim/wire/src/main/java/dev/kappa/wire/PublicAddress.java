package dev.kappa.wire;

import java.net.Inet6Address;
import java.net.InetAddress;

/** Tells addresses of the internet from those that users' URLs must not reach. */
public final class PublicAddress {
    private PublicAddress() {}

    /**
     * Whether an address is a public one.
     *
     * @param address any
     * @return false for loopback, private, link-local, multicast and reserved ones, and those that wrap an IPv4 address
     */
    public static boolean is(InetAddress address) {
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
