package dev.kappa.shim;

import dev.kappa.wire.Wire;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.URI;

/** Does while the handler initialises what a process does once, and what its first event would else pay for. */
final class Rehearsal {
    private Rehearsal() {}

    /**
     * Calls the shim's own listener, with an event that has no id, so that it is refused before anything is counted: the date in
     * the header of a process' first answer alone takes 15 ms. On a virtual thread, as events are.
     */
    static void ofCall(int port, String token) {
        Thread.ofVirtual().name("rehearsal-of-call").start(() -> {
            try {
                String loopback = InetAddress.getLoopbackAddress().getHostAddress();
                HelloCall.post(URI.create("http://" + loopback + ":" + port + Wire.INVOKE), token, new byte[0]);
            } catch (IOException e) {
                System.err.println("kappa: the rehearsal of an event failed, the first one will take longer: " + e);
            }
        });
    }

    /** Computes the constants of BigDecimal, of which Jackson's parsers have some: that takes 12 ms. */
    static void ofNumbers() {
        Thread.ofVirtual().name("rehearsal-of-numbers").start(() -> BigDecimal.ONE.signum());
    }
}
