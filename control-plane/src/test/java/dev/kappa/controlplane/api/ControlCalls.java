package dev.kappa.controlplane.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.controlplane.TestApi;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Calls of the control plane over HTTP, on resources in memory. */
abstract class ControlCalls {
    static final String ARN = "arn:aws:lambda:us-east-1:000000000000:function:hello";
    static final String SHA256 = "00".repeat(31) + "ff";
    static final String BASE64 = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAP8=";

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client = HttpClient.newHttpClient();
    TestApi api;
    MemoryResourceStore resources;

    @BeforeEach
    void start() throws Exception {
        api = new TestApi(vertx);
        resources = api.resources;
        function(spec(), status(1, "c1", 0));
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    }

    static JsonObject spec() {
        return new JsonObject("""
                {"runtime": "nodejs20", "handler": "app.handler", "memory": "1Gi", "timeoutSeconds": 7,
                 "ephemeralStorage": "512Mi", "code": {"inline": {"app.js": "x"}}, "concurrency": {"reserved": 4},
                 "environment": [{"name": "STAGE", "value": "prod"},
                                 {"name": "KEY", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}]}
                """);
    }

    static JsonObject status(long generation, String config, int lastVersion) {
        return new JsonObject()
                .put("observedGeneration", generation)
                .put("revision", "r1")
                .put("codeSha256", SHA256)
                .put("configSha256", config)
                .put("lastVersion", lastVersion)
                .put("conditions", conditions("True", "True", "Ready", "It runs."));
    }

    static JsonArray conditions(String ready, String code, String reason, String message) {
        return new JsonArray()
                .add(new JsonObject()
                        .put("type", "Ready")
                        .put("status", ready)
                        .put("reason", reason)
                        .put("message", message))
                .add(new JsonObject()
                        .put("type", "CodeReady")
                        .put("status", code)
                        .put("reason", reason)
                        .put("message", message));
    }

    Resource function(JsonObject spec, JsonObject status) {
        return resources.put(Kind.FUNCTION, "hello", spec, status);
    }

    Resource version(int number, String config) {
        JsonObject spec = new JsonObject()
                .put("function", "hello")
                .put("number", number)
                .put(
                        "snapshot",
                        new JsonObject()
                                .put("codeSha256", SHA256)
                                .put("configSha256", config)
                                .put("function", spec()));
        return resources.put(Kind.VERSION, "hello." + number, spec, status(1, config, 0));
    }

    Resource alias(String name, String spec) {
        return resources.put(
                Kind.ALIAS, "hello." + name, new JsonObject(spec).put("function", "hello"), new JsonObject());
    }

    HttpResponse<String> call(String method, String path, String body) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create(
                                api.publicUrl() + (path.startsWith("/20") ? "" : "/2015-03-31/functions") + path))
                        .version(HttpClient.Version.HTTP_1_1)
                        .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    JsonObject ok(int status, String method, String path, String body) throws Exception {
        HttpResponse<String> response = call(method, path, body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        return response.body().isEmpty() ? new JsonObject() : new JsonObject(response.body());
    }

    void refused(int status, String type, String message, String method, String path, String body) throws Exception {
        HttpResponse<String> response = call(method, path, body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("x-amzn-ErrorType")).hasValue(type);
        JsonObject error = new JsonObject(response.body());
        assertThat(error.getString("message", error.getString("Message"))).contains(message);
    }
}
