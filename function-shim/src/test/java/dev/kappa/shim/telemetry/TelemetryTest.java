package dev.kappa.shim.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.kappa.shim.core.Json;
import dev.kappa.shim.log.Logs;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How records reach whoever subscribed. */
@Timeout(120)
class TelemetryTest {
    private static final int MOST = 262_144;

    private final List<String> batches = new CopyOnWriteArrayList<>();
    private final CountDownLatch patience = new CountDownLatch(1);
    private final Telemetry telemetry = new Telemetry(new Logs());
    private HttpServer server;
    private volatile boolean slow;

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            try (exchange) {
                String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                if (slow) {
                    patience.await(60, TimeUnit.SECONDS);
                }
                batches.add(body);
                exchange.sendResponseHeaders(200, -1);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        server.start();
        telemetry.begin();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void subscribe(String more, String types) {
        String request = """
                {"schemaVersion":"2022-12-13","types":[TYPES],"buffering":{"timeoutMs":25},
                 "destination":{"protocol":"HTTP","URI":"http://sandbox.localdomain:PORT/"}MORE}
                """.replace("TYPES", types)
                .replace("PORT", Integer.toString(server.getAddress().getPort()));
        telemetry.subscribe("mine", false, request.replace("MORE", more).getBytes(StandardCharsets.UTF_8));
    }

    private String all() {
        return String.join("\n", batches);
    }

    private void await(String text) throws InterruptedException {
        for (int i = 0; i < 4_000 && !all().contains(text); i++) {
            Thread.sleep(10);
        }
        assertThat(all()).contains(text);
    }

    @Test
    void whatCameBeforeTheSubscriptionIsToldToo() throws Exception {
        telemetry.platform("platform.initStart", new Json().put("phase", "init"));
        telemetry.extension("a \"line\"");

        subscribe("", "\"platform\",\"extension\"");

        await("platform.telemetrySubscription");
        assertThat(all())
                .startsWith("[{\"time\":\"20")
                .contains("Z\",\"type\":\"platform.initStart\",\"record\":{\"phase\":\"init\"}},{\"time\":\"")
                .contains("\"type\":\"extension\",\"record\":\"a \\\"line\\\"\"}")
                .contains(
                        "\"record\":{\"name\":\"mine\",\"state\":\"Subscribed\",\"types\":[\"platform\",\"extension\"]}}]");
    }

    @Test
    void onlyWhatWasAskedForIsTold() throws Exception {
        subscribe("", "\"extension\"");
        telemetry.platform("platform.start", new Json().put("requestId", "id"));

        telemetry.extension("last");

        await("last");
        assertThat(all()).doesNotContain("platform.");
    }

    @Test
    void whoIsTooSlowLosesRecordsAndHearsHowMany() throws Exception {
        slow = true;
        subscribe("", "\"platform\",\"extension\"");
        telemetry.close();
        String line = "x".repeat(64 << 10);
        for (int i = 0; i < 40; i++) {
            telemetry.extension(line);
        }

        patience.countDown();
        slow = false;
        await("\"type\":\"platform.logsDropped\"");
        for (int i = 0; i < 4_000 && sum("droppedRecords\":(\\d+)") + told() < 40; i++) {
            Thread.sleep(10);
        }

        long records = sum("droppedRecords\":(\\d+)");
        assertThat(records).isBetween(40L - 3 * MOST / (64 << 10), 39L);
        assertThat(sum("droppedBytes\":(\\d+)")).isGreaterThan(records * (64 << 10));
        assertThat(told() + records).isEqualTo(40);
    }

    private long told() {
        return Pattern.compile("\"type\":\"extension\"")
                .matcher(all())
                .results()
                .count();
    }

    private long sum(String number) {
        return Pattern.compile(number)
                .matcher(all())
                .results()
                .mapToLong(it -> Long.parseLong(it.group(1)))
                .sum();
    }

    @Test
    void theOlderApiHasItsOwnRecordsAndAnotherWay() throws Exception {
        try (ServerSocket lines = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            lines.setSoTimeout(30_000);
            String request = """
                    {"types":["platform"],"buffering":{"timeoutMs":25},"destination":{"protocol":"TCP","port":PORT}}
                    """.replace("PORT", Integer.toString(lines.getLocalPort()));
            telemetry.platform("platform.initStart", new Json());
            telemetry.platform("platform.runtimeDone", new Json());
            telemetry.platform("platform.end", new Json().put("requestId", "id"));
            telemetry.subscribe("mine", true, request.getBytes(StandardCharsets.UTF_8));

            try (Socket socket = lines.accept();
                    BufferedReader in = new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
                assertThat(in.readLine()).endsWith("\"type\":\"platform.end\",\"record\":{\"requestId\":\"id\"}}");
                assertThat(in.readLine()).contains("\"type\":\"platform.logsSubscription\"");
            }
        }
    }
}
