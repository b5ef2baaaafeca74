package dev.kappa.controlplane.logs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.controlplane.api.Kind;
import dev.kappa.controlplane.api.MemoryResourceStore;
import dev.kappa.http.CallWatch;
import dev.kappa.identity.Access;
import dev.kappa.identity.AccessAuthorizer;
import dev.kappa.identity.Caller;
import dev.kappa.identity.Proof.Proven;
import dev.kappa.lambda.Accounts;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LogsApiTest {
    private static final String GROUP = "/aws/lambda/hello";
    private static final Instant START = Instant.parse("2026-01-02T03:04:05.100Z");

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client = HttpClient.newHttpClient();
    private final Set<Access> refused = ConcurrentHashMap.newKeySet();
    private final Printed printed = new Printed();
    private HttpServer server;

    /** Shows at most a few lines at once, as a source does whose lines are many. */
    private static final class Printed implements LogSource {
        private static final int AT_ONCE = 3;
        private final List<LogLine> lines = new ArrayList<>();

        void print(String stream, String message) {
            Instant time = START.plusMillis(lines.size());
            lines.add(new LogLine(stream, time.toEpochMilli(), LogIds.of(time, stream, 0), message));
        }

        @Override
        public Lines read(String namespace, String function, Instant since) {
            List<LogLine> later = lines.stream()
                    .filter(it -> it.timestamp() >= since.toEpochMilli())
                    .toList();
            return new Lines(later.subList(0, Math.min(AT_ONCE, later.size())), later.size() <= AT_ONCE);
        }

        @Override
        public List<Stream> streams(String namespace, String function) {
            return lines.stream()
                    .map(LogLine::stream)
                    .distinct()
                    .map(it -> new Stream(it, START))
                    .toList();
        }
    }

    @BeforeEach
    void start() throws Exception {
        MemoryResourceStore resources = new MemoryResourceStore();
        resources.put(Kind.FUNCTION, "hello", new JsonObject(), new JsonObject());
        resources.put(Kind.FUNCTION, "another", new JsonObject().put("functionName", "An_Other"), new JsonObject());
        Accounts accounts = new Accounts("us-east-1", "default");
        server = vertx.createHttpServer()
                .requestHandler(new LogsApi(
                        head -> CompletableFuture.completedFuture(new Proven(new Caller("ada"), null)),
                        new AccessAuthorizer(
                                (caller, access) -> !refused.contains(access), accounts, Clock.systemUTC()),
                        accounts,
                        resources,
                        printed,
                        CallWatch.NONE))
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        for (int i = 0; i < 8; i++) {
            printed.print(i % 2 == 0 ? "2026/01/02/[$LATEST]a" : "2026/01/02/[1]b", "line " + i);
        }
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private HttpResponse<String> call(String operation, JsonObject body) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.actualPort() + "/"))
                        .header("X-Amz-Target", "Logs_20140328." + operation)
                        .POST(BodyPublishers.ofString(body.encode()))
                        .build(),
                BodyHandlers.ofString());
    }

    private JsonObject ok(String operation, JsonObject body) throws Exception {
        HttpResponse<String> response = call(operation, body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/x-amz-json-1.1");
        return new JsonObject(response.body());
    }

    private void refused(String type, String operation, JsonObject body) throws Exception {
        HttpResponse<String> response = call(operation, body);
        assertThat(response.statusCode())
                .as(response.body())
                .isEqualTo(type.equals("AccessDeniedException") ? 403 : 400);
        assertThat(new JsonObject(response.body()).getString("__type")).isEqualTo(type);
    }

    private static JsonObject group() {
        return new JsonObject().put("logGroupName", GROUP);
    }

    /** All pages, as a client reads them. */
    private List<String> filtered(JsonObject call) throws Exception {
        List<String> messages = new ArrayList<>();
        JsonObject page = ok("FilterLogEvents", call);
        messages.addAll(messages(page));
        while (page.containsKey("nextToken")) {
            page = ok("FilterLogEvents", call.copy().put("nextToken", page.getString("nextToken")));
            messages.addAll(messages(page));
        }
        return messages;
    }

    private static List<String> messages(JsonObject page) {
        return page.getJsonArray("events").stream()
                .map(it -> ((JsonObject) it).getString("message"))
                .toList();
    }

    @Test
    void pagesShowEveryLineOnce() throws Exception {
        List<String> all = List.of("line 0", "line 1", "line 2", "line 3", "line 4", "line 5", "line 6", "line 7");

        assertThat(filtered(group())).isEqualTo(all);
        assertThat(filtered(group().put("limit", 2))).isEqualTo(all);
        JsonObject event = ok("FilterLogEvents", group()).getJsonArray("events").getJsonObject(1);
        assertThat(event.getString("logStreamName")).isEqualTo("2026/01/02/[1]b");
        assertThat(event.getLong("timestamp")).isEqualTo(START.toEpochMilli() + 1);
        assertThat(event.getString("eventId")).isEqualTo(printed.lines.get(1).id());
    }

    @Test
    void linesAreChosenByTimeStreamAndWords() throws Exception {
        long start = START.toEpochMilli();

        assertThat(filtered(group().put("startTime", start + 2).put("endTime", start + 4)))
                .containsExactly("line 2", "line 3");
        assertThat(filtered(group().put("logStreamNamePrefix", "2026/01/02/[1]")))
                .containsExactly("line 1", "line 3", "line 5", "line 7");
        assertThat(filtered(group().put("logStreamNames", new JsonArray().add("2026/01/02/[$LATEST]a"))))
                .containsExactly("line 0", "line 2", "line 4", "line 6");
        assertThat(filtered(group().put("filterPattern", "?1 ?\"line 7\""))).containsExactly("line 1", "line 7");
        assertThat(filtered(group().put("filterPattern", "line -\"line 1\" -2 -3 -4 -5")))
                .containsExactly("line 0", "line 6", "line 7");
        refused("InvalidParameterException", "FilterLogEvents", group().put("filterPattern", "{ $.a = 1 }"));
        refused("InvalidParameterException", "FilterLogEvents", group().put("filterPattern", "\"open"));
        refused("InvalidParameterException", "FilterLogEvents", group().put("nextToken", "none"));
        refused("InvalidParameterException", "FilterLogEvents", group().put("limit", "many"));
    }

    @Test
    void aStreamIsReadFromEitherEnd() throws Exception {
        JsonObject call = group().put("logStreamName", "2026/01/02/[1]b").put("limit", 3);

        JsonObject end = ok("GetLogEvents", call);
        JsonObject before = ok("GetLogEvents", call.copy().put("nextToken", end.getString("nextBackwardToken")));
        JsonObject after = ok("GetLogEvents", call.copy().put("nextToken", end.getString("nextForwardToken")));
        JsonObject head = ok("GetLogEvents", call.copy().put("startFromHead", true));

        assertThat(messages(end)).containsExactly("line 3", "line 5", "line 7");
        assertThat(messages(before)).containsExactly("line 1");
        assertThat(messages(after)).isEmpty();
        assertThat(after.getString("nextForwardToken")).as("the end").isEqualTo(end.getString("nextForwardToken"));
        assertThat(messages(head)).containsExactly("line 1", "line 3", "line 5");
        refused("ResourceNotFoundException", "GetLogEvents", group().put("logStreamName", "none"));
    }

    @Test
    void groupsAreFunctionsAndStreamsAreInstances() throws Exception {
        JsonObject page = ok("DescribeLogGroups", new JsonObject().put("limit", 1));
        assertThat(page.getJsonArray("logGroups").getJsonObject(0).getString("arn"))
                .isEqualTo("arn:aws:logs:us-east-1:000000000000:log-group:/aws/lambda/An_Other:*");
        assertThat(ok("DescribeLogGroups", new JsonObject().put("nextToken", page.getString("nextToken")))
                        .getJsonArray("logGroups")
                        .getJsonObject(0)
                        .getString("logGroupName"))
                .isEqualTo(GROUP);
        assertThat(ok("DescribeLogGroups", new JsonObject().put("logGroupNamePrefix", GROUP + "x"))
                        .getJsonArray("logGroups"))
                .isEmpty();

        JsonArray streams = ok("DescribeLogStreams", group()).getJsonArray("logStreams");
        assertThat(streams.getJsonObject(0).getString("logStreamName")).isEqualTo("2026/01/02/[$LATEST]a");
        assertThat(streams.getJsonObject(0).getString("arn"))
                .isEqualTo(
                        "arn:aws:logs:us-east-1:000000000000:log-group:" + GROUP + ":log-stream:2026/01/02/[$LATEST]a");
    }

    @Test
    void whatIsNotThereIsRefused() throws Exception {
        refused(
                "ResourceNotFoundException",
                "FilterLogEvents",
                new JsonObject().put("logGroupName", "/aws/lambda/none"));
        refused("ResourceNotFoundException", "FilterLogEvents", new JsonObject().put("logGroupName", "/of/others"));
        refused("InvalidParameterException", "FilterLogEvents", new JsonObject());
        refused("UnknownOperationException", "PutLogEvents", group());
    }

    @Test
    void whoMayNotReadThemIsToldSoWhetherThereIsAFunctionOrNot() throws Exception {
        for (String name : List.of("hello", "none", "")) {
            refused.add(new Access("get", "functions/logs", "default", name));
        }
        refused.add(new Access("list", "functions", "default", ""));

        refused("AccessDeniedException", "FilterLogEvents", group());
        refused("AccessDeniedException", "DescribeLogStreams", group());
        refused("AccessDeniedException", "DescribeLogGroups", new JsonObject());
        refused("AccessDeniedException", "GetLogEvents", new JsonObject().put("logGroupName", "/aws/lambda/none"));
    }
}
