package dev.kappa.shim;

import dev.kappa.shim.core.Json;
import dev.kappa.shim.core.Settings;
import dev.kappa.shim.core.Tokens;
import dev.kappa.shim.http.Exchange;
import dev.kappa.shim.http.Reply;
import dev.kappa.wire.InstanceToken;
import dev.kappa.wire.Wire;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Gives handlers temporary credentials of their function's execution role, as SDKs ask for them in a container (
 * {@code AWS_CONTAINER_CREDENTIALS_FULL_URI}). Nothing is asked of the gateway before a handler asks, and SDKs keep the answer.
 */
final class RoleCredentials {
    private static final long AGAIN_MS = 100;

    /** The watch of pods may still have to tell gateways of this one. */
    private static final long PATIENCE_MS = 10_000;

    private static final int LONGEST = 16 * 1024;

    private final Settings settings;
    private final Tokens tokens;
    private final String ofHandler;

    RoleCredentials(Settings settings, Tokens tokens) {
        this.settings = settings;
        this.tokens = tokens;
        this.ofHandler = InstanceToken.ofHandler(settings.secret());
    }

    void handle(Exchange exchange) throws IOException {
        String given = exchange.header("Authorization");
        if (!exchange.isLocal() || given == null || !InstanceToken.matches(ofHandler, given)) {
            exchange.answer(error(403, "the header Authorization must have AWS_CONTAINER_AUTHORIZATION_TOKEN"));
            return;
        }
        exchange.answer(asked());
    }

    private Reply asked() throws IOException {
        long giveUp = System.nanoTime() + PATIENCE_MS * 1_000_000;
        while (true) {
            String failure;
            try {
                Reply answer = ask();
                if (answer != null) {
                    return answer;
                }
                failure = "status 503";
            } catch (IOException e) {
                failure = e.toString();
            }
            if (System.nanoTime() > giveUp) {
                return error(503, "the gateway " + settings.gateway() + " gives no credentials: " + failure);
            }
            pause();
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(AGAIN_MS);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /** Null if it is worth to ask again. */
    private @Nullable Reply ask() throws IOException {
        byte[] body = new Json()
                .put("namespace", settings.namespace())
                .put("function", settings.function())
                .put("version", settings.version())
                .put("pod", settings.pod())
                .bytes();
        HttpURLConnection call = (HttpURLConnection)
                URI.create(settings.gateway() + Wire.CREDENTIALS).toURL().openConnection();
        call.setConnectTimeout(1_000);
        call.setReadTimeout(5_000);
        call.setRequestMethod("POST");
        call.setDoOutput(true);
        call.setFixedLengthStreamingMode(body.length);
        call.setRequestProperty(Wire.TOKEN, tokens.own());
        call.setRequestProperty("Connection", "close");
        try (OutputStream out = call.getOutputStream()) {
            out.write(body);
        }
        int status = call.getResponseCode();
        try (InputStream in = status < 400 ? call.getInputStream() : call.getErrorStream()) {
            byte[] answer = in == null ? new byte[0] : in.readNBytes(LONGEST);
            return status == 503 ? null : Reply.json(status, answer);
        }
    }

    private static Reply error(int status, String message) {
        return Reply.json(
                status,
                new Json()
                        .put("code", "CredentialsUnavailable")
                        .put("message", message)
                        .bytes());
    }
}
