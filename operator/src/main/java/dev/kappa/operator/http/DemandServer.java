package dev.kappa.operator.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import dev.kappa.wire.DemandAnswer;
import dev.kappa.wire.DemandReport;
import dev.kappa.wire.PlatformTokens;
import dev.kappa.wire.Wire;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Function;

/** Takes demand reports of gateways, {@link Wire#DEMAND}. */
public final class DemandServer {
    private static final int MAX_REPORT = 64 << 20;
    private static final String JSON = "application/json";

    private final Listener listener;
    private final PlatformTokens tokens;
    private final Function<DemandReport, DemandAnswer> reports;
    private final ObjectMapper json = new ObjectMapper();

    /**
     * Not started yet.
     *
     * @param port 0 for any
     * @param tokens knows the gateways
     * @param reports answers a report
     * @throws IOException if the port is taken
     */
    public DemandServer(int port, PlatformTokens tokens, Function<DemandReport, DemandAnswer> reports)
            throws IOException {
        this.tokens = tokens;
        this.reports = reports;
        this.listener = new Listener(port).serve(Wire.DEMAND, this::handle);
    }

    /** Starts to listen. */
    public void start() {
        listener.start();
    }

    /** Stops to listen. */
    public void stop() {
        listener.stop();
    }

    /** The port that it listens on. */
    public int port() {
        return listener.port();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String given = exchange.getRequestHeaders().getFirst(Wire.PLATFORM);
        if (!tokens.proves(given, exchange.getRequestHeaders().getFirst(Wire.TOKEN))) {
            Listener.answer(exchange, 403, JSON, "{\"message\":\"only gateways report demand\"}");
            return;
        }
        tokens.answer(given).ifPresent(proof -> exchange.getResponseHeaders().set(Wire.PROOF, proof));
        byte[] body;
        try (InputStream in = exchange.getRequestBody()) {
            body = in.readNBytes(MAX_REPORT);
        }
        DemandReport report;
        try {
            report = json.readValue(body, DemandReport.class);
        } catch (JsonProcessingException e) {
            Listener.answer(exchange, 400, JSON, json.writeValueAsString(java.util.Map.of("message", e.getMessage())));
            return;
        }
        String answer = json.writeValueAsString(reports.apply(report));
        Listener.answer(exchange, 200, JSON, answer);
    }
}
