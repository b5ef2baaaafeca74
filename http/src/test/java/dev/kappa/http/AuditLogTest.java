package dev.kappa.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.http.AuditEntry.Answer;
import dev.kappa.http.AuditEntry.Subject;
import dev.kappa.http.AuditLog.Recorded;
import dev.kappa.identity.Action;
import dev.kappa.identity.Caller;
import dev.kappa.identity.Target;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AuditLogTest {
    private static AuditEntry entry(String caller, String reason) {
        return new AuditEntry(
                Instant.parse("2026-11-27T03:04:05.678Z"),
                new Caller(caller),
                null,
                Subject.of(Action.DELETE_ALIAS.on(new Target("media", "thumbnails", "live"), "arn")),
                false,
                reason,
                new Answer(403, "AccessDeniedException", "id"),
                "10.0.0.7",
                null);
    }

    private static List<JsonObject> written(AuditLog log, ByteArrayOutputStream out) throws InterruptedException {
        while (log.waiting() > 0) {
            Thread.sleep(1);
        }
        return out.toString(StandardCharsets.UTF_8).lines().map(JsonObject::new).toList();
    }

    @Test
    void anEntryIsALineOfJson() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        AuditLog log = new AuditLog("gateway", new Recorded(false, false), out).start();

        log.add(entry("ada", "a \"reason\"\nof two lines"));
        log.add(entry("bob", "no"));

        assertThat(written(log, out))
                .containsExactly(
                        new JsonObject()
                                .put("time", "2026-11-27T03:04:05.678Z")
                                .put("log", "audit")
                                .put("process", "gateway")
                                .put("decision", "deny")
                                .put("caller", "ada")
                                .put("action", "lambda:DeleteAlias")
                                .put("namespace", "media")
                                .put("function", "thumbnails")
                                .put("qualifier", "live")
                                .put("reason", "a \"reason\"\nof two lines")
                                .put("status", 403)
                                .put("error", "AccessDeniedException")
                                .put("requestId", "id")
                                .put("sourceAddress", "10.0.0.7"),
                        new JsonObject(entry("bob", "no").json("gateway")));
    }

    @Test
    void whoAddsDoesNotWaitForAnOutputThatStandsStillAndWhatIsLostIsTold() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CountDownLatch flows = new CountDownLatch(1);
        AuditLog log = new AuditLog("gateway", new Recorded(false, false), new OutputStream() {
                    @Override
                    public void write(int b) {
                        throw new UnsupportedOperationException();
                    }

                    @Override
                    public void write(byte[] bytes, int from, int length) throws IOException {
                        try {
                            flows.await();
                        } catch (InterruptedException e) {
                            throw new IOException(e);
                        }
                        out.write(bytes, from, length);
                    }
                })
                .start();
        int all = 20_000;
        for (int i = 0; i < all; i++) {
            log.add(entry("ada", "no"));
        }
        assertThat(log.waiting()).isBetween(16 * 1024, 17 * 1024);

        flows.countDown();
        List<JsonObject> lines = written(log, out);

        long lost = lines.stream().mapToLong(it -> it.getLong("lost", 0L)).sum();
        long kept = lines.stream().filter(it -> it.containsKey("caller")).count();
        assertThat(lost).isPositive();
        assertThat(lost + kept).isEqualTo(all);
    }

    @Test
    void callsThatChangeSomethingAreAlwaysRecorded() {
        AuditLog little = new AuditLog("", new Recorded(false, false), OutputStream.nullOutputStream());
        AuditLog all = new AuditLog("", new Recorded(true, true), OutputStream.nullOutputStream());

        assertThat(List.of(Action.INVOKE, Action.INVOKE_WITH_RESPONSE_STREAM, Action.GET_FUNCTION))
                .noneMatch(it -> little.wants(it.kind()))
                .allMatch(it -> all.wants(it.kind()));
        assertThat(List.of(
                        Action.PUT_PACKAGE, Action.UPDATE_ALIAS, Action.REDRIVE_DEAD_LETTERS, Action.PUBLISH_VERSION))
                .allMatch(it -> little.wants(it.kind()))
                .noneMatch(it -> AuditLog.NONE.wants(it.kind()));
    }
}
