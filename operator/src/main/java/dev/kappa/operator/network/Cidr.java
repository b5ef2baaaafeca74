package dev.kappa.operator.network;

import java.math.BigInteger;
import java.net.InetAddress;

/** A range of addresses. */
record Cidr(int bits, BigInteger first, int prefix) {
    /** Of the form {@code address/prefix}, as the API server has checked. */
    static Cidr of(String text) {
        int slash = text.indexOf('/');
        byte[] address = InetAddress.ofLiteral(text.substring(0, slash)).getAddress();
        int bits = address.length * 8;
        int prefix = Integer.parseInt(text.substring(slash + 1));
        int host = bits - prefix;
        return new Cidr(bits, new BigInteger(1, address).shiftRight(host).shiftLeft(host), prefix);
    }

    /** Whether all of another is in this one. */
    boolean contains(Cidr other) {
        return bits == other.bits
                && prefix <= other.prefix
                && first.equals(other.first.shiftRight(bits - prefix).shiftLeft(bits - prefix));
    }
}
