package dev.kappa.operator.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.kappa.wire.PlatformTokens;
import dev.kappa.wire.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class PlatformClientTest {
    private final PlatformTokens caller = PlatformTokens.of("key", PlatformTokens.OPERATORS, "", "");
    private final HttpClient http = HttpClient.newHttpClient();
    private HttpServer server;
    private String key = "key";

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                PlatformTokens answers = PlatformTokens.of(key, PlatformTokens.GATEWAYS, "", "");
                String shown = exchange.getRequestHeaders().getFirst(Wire.PLATFORM);
                exchange.getResponseHeaders()
                        .set(Wire.PROOF, answers.answer(shown).orElse("unknown"));
                exchange.sendResponseHeaders(204, -1);
            }
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        http.close();
    }

    private HttpResponse<Void> call() throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        return new PlatformClient(http, caller)
                .send(PlatformTokens.GATEWAYS, HttpRequest.newBuilder(uri), BodyHandlers.discarding());
    }

    @Test
    void believesWhoHasTheKeyAndIsMeant() throws Exception {
        assertThat(call().statusCode()).isEqualTo(204);
    }

    @Test
    void believesNobodyElse() {
        key = "another";

        assertThatThrownBy(this::call).isInstanceOf(IOException.class).hasMessageContaining("does not prove");
    }
}
