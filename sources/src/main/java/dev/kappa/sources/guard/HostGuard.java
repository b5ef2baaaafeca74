package dev.kappa.sources.guard;

import dev.kappa.wire.PublicAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;

/**
 * Says which hosts sources may connect to: public ones by TLS, and those that the chart names. Who connects uses the addresses
 * that were checked, since a name may have others a moment later.
 */
public final class HostGuard {
    private static final String VALUE = "the chart's value sources.privateHosts";

    private final List<String> privateHosts;

    /**
     * For an installation.
     *
     * @param privateHosts hosts that may have private addresses and be asked without TLS
     */
    public HostGuard(List<String> privateHosts) {
        this.privateHosts = List.copyOf(privateHosts);
    }

    /**
     * Refuses an address that is not encrypted.
     *
     * @param address http or https
     * @throws IOException with cause and remedy
     */
    public void check(URI address) throws IOException {
        String host = address.getHost();
        if (host == null) {
            throw new IOException(address + " names no host; correct it");
        }
        if (!"https".equals(address.getScheme()) && !privateHosts.contains(host)) {
            throw new IOException(
                    address + " is not https; http is for hosts that " + VALUE + " names, add " + host + " there");
        }
    }

    /**
     * Refuses a host that the chart does not name, for clients that resolve names themselves.
     *
     * @param address of the host
     * @throws IOException with cause and remedy
     */
    public void checkNamed(URI address) throws IOException {
        if (address.getHost() == null || !privateHosts.contains(address.getHost())) {
            throw new IOException(VALUE + " does not name the host " + address.getHost() + "; add it there");
        }
    }

    /**
     * The addresses of a host that may be connected to.
     *
     * @param host name or address
     * @throws IOException if it has none, or one that is not public
     */
    public List<InetAddress> resolve(String host) throws IOException {
        InetAddress[] addresses;
        try {
            addresses = InetAddress.getAllByName(host);
        } catch (UnknownHostException e) {
            throw new IOException("the name " + host + " has no address", e);
        }
        for (InetAddress address : addresses) {
            if (!PublicAddress.is(address) && !privateHosts.contains(host)) {
                throw new IOException(host + " has the address " + address.getHostAddress()
                        + ", which is not a public one; " + VALUE + " can allow the host");
            }
        }
        return List.of(addresses);
    }
}
