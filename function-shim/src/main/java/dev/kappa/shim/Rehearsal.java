package dev.kappa.shim;

import dev.kappa.wire.Wire;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.URI;

/**
 * Calls the shim's own listener once while the handler initialises, with an event that has no id, so that it is refused before
 * anything is counted. The first event else pays for what the first answer of a process needs: the date in its header
 * alone takes 15 ms.
 */
final class Rehearsal {
    private static final int TIMEOUT_MS = 1_000;

    private Rehearsal() {}

    /** Returns at once; runs on a virtual thread, as events do. */
    static void start(int port, String token) {
        Thread.ofVirtual().name("rehearsal").start(() -> {
            try {
                call(port, token);
            } catch (IOException e) {
                System.err.println("kappa: the rehearsal of an event failed, the first one will take longer: " + e);
            }
        });
    }

    private static void call(int port, String token) throws IOException {
        String loopback = InetAddress.getLoopbackAddress().getHostAddress();
        HttpURLConnection call = (HttpURLConnection) URI.create("http://" + loopback + ":" + port + Wire.INVOKE)
                .toURL()
                .openConnection();
        call.setConnectTimeout(TIMEOUT_MS);
        call.setReadTimeout(TIMEOUT_MS);
        call.setRequestMethod("POST");
        call.setDoOutput(true);
        call.setFixedLengthStreamingMode(0);
        call.setRequestProperty(Wire.TOKEN, token);
        call.setRequestProperty("Connection", "close");
        call.getOutputStream().close();
        call.getResponseCode();
        call.disconnect();
    }
}
