package dev.kappa.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RolloutPhasesTest {
    @Test
    void aShareIsOfAllEventsOrOfThoseBetweenFirstAndLast() {
        Tally tally = new Tally();
        for (String version : List.of("1", "1", "1", "1", "2", "1", "1", "2", "1", "1")) {
            tally.answered(1, version, version.equals("2"));
        }

        assertThat(tally.share("2")).isEqualTo(20);
        assertThat(tally.whileExposed("2").share("2")).isEqualTo(50);
        assertThat(tally.whileExposed("3").share("3")).isZero();
        assertThat(tally.whileExposed("2").latencies().percentile(100)).isEqualTo(1e-6);
        assertThat(tally.failures()).isEqualTo(2);
        assertThat(tally.text()).isEqualTo("10 events, 0 errors");
    }

    @Test
    void theLoopTellsWhatAHandlerDidFromWhatBroke() throws Exception {
        AtomicInteger count = new AtomicInteger();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/f", exchange -> {
            exchange.getRequestBody().readAllBytes();
            int number = count.incrementAndGet() % 10;
            String body = switch (number) {
                case 1 -> "{\"errorType\":\"RangeError\"}";
                case 2 -> "{\"errorType\":\"Runtime.ExitError\"}";
                default -> "1";
            };
            exchange.getResponseHeaders().set("X-Amz-Executed-Version", number == 1 ? "2" : "1");
            if (number == 1 || number == 2) {
                exchange.getResponseHeaders().set("X-Amz-Function-Error", "Unhandled");
            }
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(number == 3 ? 502 : 200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        Tally first;
        try (PacedLoad load = new PacedLoad("127.0.0.1", server.getAddress().getPort(), "/f", Map::of, 2, 1000)) {
            first = load.next();
            load.await(first, 200, Duration.ofSeconds(20));
        } finally {
            server.stop(0);
        }

        assertThat((double) first.failures() / first.events()).isBetween(0.08, 0.12);
        assertThat((double) first.errors().size() / first.events()).isBetween(0.17, 0.23);
        assertThat(first.errors()).anyMatch(it -> it.startsWith("status 502")).anyMatch(it -> it.contains("ExitError"));
    }
}
