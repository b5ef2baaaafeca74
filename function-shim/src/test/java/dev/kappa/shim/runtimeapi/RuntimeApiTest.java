package dev.kappa.shim.runtimeapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.shim.core.Event;
import dev.kappa.shim.core.Outcome;
import dev.kappa.shim.core.Payload;
import dev.kappa.shim.core.Room;
import dev.kappa.shim.http.Watchdog;
import dev.kappa.shim.log.EventLog;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class RuntimeApiTest {
    private static final String BASE = "/2018-06-01/runtime/invocation/";

    @Test
    void anEventThatCouldNotBeWrittenGoesToTheNextThatAsks() throws Exception {
        Watchdog watchdog = new Watchdog();
        Session session = SilentProgram.session(1, watchdog);
        RuntimeApi api = new RuntimeApi(session, 0, 1, Room.unlimited(), watchdog, SilentProgram::knowsNothing);
        try {
            try (Socket dying = new Socket(InetAddress.getLoopbackAddress(), api.port())) {
                dying.setSoLinger(true, 0); // its end is a reset, by which a write to it fails
                dying.getOutputStream()
                        .write(("GET " + BASE + "next HTTP/1.1\r\nHost: x\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                assertThat(session.isInitializedWithin(20_000)).isTrue();
                Thread.sleep(100);
            }
            Thread.sleep(100);
            assertThat(session.reserve()).isTrue();
            long deadline = System.currentTimeMillis() + 60_000;
            byte[] payload = "\"payload\"".getBytes(StandardCharsets.UTF_8);
            CompletableFuture<Outcome> outcome = new CompletableFuture<>();
            session.run(
                    new Event("id-1", "arn", null, null, new Payload(payload), deadline, EventLog.of("START", false)),
                    outcome::complete);
            Thread.sleep(100);

            HttpClient client = HttpClient.newHttpClient();
            URI uri = URI.create("http://127.0.0.1:" + api.port());
            var next = client.send(
                    HttpRequest.newBuilder(uri.resolve(BASE + "next")).build(), BodyHandlers.ofString());
            var answered = client.send(
                    HttpRequest.newBuilder(uri.resolve(BASE + "id-1/response"))
                            .POST(HttpRequest.BodyPublishers.ofString("1"))
                            .build(),
                    BodyHandlers.ofString());

            assertThat(next.body()).isEqualTo("\"payload\"");
            assertThat(answered.statusCode()).isEqualTo(202);
            assertThat(outcome.get(5, TimeUnit.SECONDS)).isInstanceOf(Outcome.Answer.class);
        } finally {
            api.stop();
        }
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void anEventReachesARuntimeThatAskedForAnotherOneBehindIt() throws Exception {
        Watchdog watchdog = new Watchdog();
        Session session = SilentProgram.session(2, watchdog);
        RuntimeApi api = new RuntimeApi(session, 0, 2, Room.unlimited(), watchdog, SilentProgram::knowsNothing);
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), api.port())) {
            client.setSoTimeout(20_000);
            byte[] payload = "\"payload\"".getBytes(StandardCharsets.UTF_8);
            Event event = new Event(
                    "id-1",
                    "arn",
                    null,
                    null,
                    new Payload(payload),
                    Long.MAX_VALUE / 2_000_000,
                    EventLog.of("START", false));
            session.run(event, outcome -> {});
            String next = "GET " + BASE + "next HTTP/1.1\r\nHost: x\r\n\r\n";

            client.getOutputStream().write((next + next).getBytes(StandardCharsets.US_ASCII));

            byte[] answer = new byte[4096];
            int length = client.getInputStream().read(answer);
            assertThat(new String(answer, 0, length, StandardCharsets.US_ASCII)).endsWith("\"payload\"");
        } finally {
            api.stop();
        }
    }
}
