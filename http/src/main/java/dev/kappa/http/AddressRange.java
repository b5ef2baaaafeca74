package dev.kappa.http;

import java.net.InetAddress;
import java.util.Optional;

/**
 * Addresses that begin alike.
 *
 * @param network an address of the range
 * @param bits how many of its bits count
 */
record AddressRange(InetAddress network, int bits) {
    /**
     * Reads a range.
     *
     * @param text such as {@code 10.0.0.0/8} or {@code fd00::/8}, or one address
     * @throws IllegalArgumentException if it is none
     */
    static AddressRange of(String text) {
        int slash = text.indexOf('/');
        InetAddress network = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
        int longest = 8 * network.getAddress().length;
        int bits = slash < 0 ? longest : Integer.parseInt(text.substring(slash + 1));
        if (bits < 0 || bits > longest) {
            throw new IllegalArgumentException(text + " is no range of addresses");
        }
        return new AddressRange(network, bits);
    }

    /** An address as it is written; empty for anything else, also for a name. */
    static Optional<InetAddress> address(String text) {
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    boolean contains(InetAddress address) {
        byte[] mine = network.getAddress();
        byte[] other = address.getAddress();
        if (mine.length != other.length) {
            return false;
        }
        for (int i = 0; i < bits; i++) {
            int bit = 0x80 >> (i % 8);
            if ((mine[i / 8] & bit) != (other[i / 8] & bit)) {
                return false;
            }
        }
        return true;
    }
}
