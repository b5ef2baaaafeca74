package dev.kappa.shim;

import dev.kappa.wire.Wire;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.URI;

/** Does while the handler initialises what a process does once, and what its first event would else pay for. */
final class Warmup {
    private Warmup() {}

    /**
     * Calls the shim's own listener, with an event that has no id, so that it is refused before anything is counted: what reads a
     * request and writes an answer is loaded and linked by then.
     */
    static void ofEvents(int port, String token) {
        Thread.ofPlatform().daemon().name("warm-up-of-events").start(() -> {
            try {
                String loopback = InetAddress.getLoopbackAddress().getHostAddress();
                GatewayCalls.post(URI.create("http://" + loopback + ":" + port + Wire.INVOKE), token, new byte[0]);
            } catch (IOException e) {
                System.err.println(
                        "kappa: the call that warms the shim up failed, the first one will take longer: " + e);
            }
        });
    }

    /** Computes the constants of BigDecimal, of which Jackson's parsers have some: that takes 12 ms. */
    static void ofNumbers() {
        Thread.ofPlatform().daemon().name("warm-up-of-numbers").start(() -> BigDecimal.ONE.signum());
    }
}
