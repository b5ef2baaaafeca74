package dev.kappa.gateway.async;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.gateway.catalog.AsyncSettings;
import dev.kappa.gateway.catalog.Catalog;
import dev.kappa.gateway.catalog.FunctionInfo;
import dev.kappa.http.Call;
import dev.kappa.identity.Caller;
import dev.kappa.lambda.Accounts;
import dev.kappa.stores.events.Condition;
import dev.kappa.stores.events.DeadLetter;
import dev.kappa.stores.events.Outcome;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is told of events and dead letters. */
@Timeout(60)
class AsyncApiTest {
    private static final String ID = "00000000-0000-4000-8000-000000000001";

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client = HttpClient.newHttpClient();
    private final Catalog catalog = new Catalog();
    private final MemoryStores stores = new MemoryStores();
    private HttpServer server;

    @BeforeEach
    void start() throws Exception {
        AsyncApi api = new AsyncApi(
                catalog,
                new Accounts("us-east-1", "default"),
                stores,
                stores,
                new Redrive(stores, stores, catalog),
                new WebHookSigner("secret"));
        server = vertx.createHttpServer()
                .requestHandler(request -> api.handle(request, new Call(new Caller("ada"), Buffer.buffer(), null)))
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void anEventThatIsAmongTheDeadLettersIsToldToBeKept() throws Exception {
        stores.create(outcome());
        assertThat(get("events/" + ID).getBoolean("kept")).isFalse();

        stores.put(new DeadLetter(outcome(), null, "arn:hello", null, "test", "1"));

        assertThat(get("events/" + ID).getBoolean("kept")).isTrue();
        assertThat(get("dead-letters/" + ID).getJsonObject("outcome").getBoolean("kept"))
                .isTrue();
    }

    @Test
    void aFunctionThatDoesNotExistHasNoListOfDeadLetters() throws Exception {
        HttpResponse<String> unknown = call("GET", "dead-letters");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(unknown.body()).contains("Function not found", "hello");
        assertThat(call("DELETE", "dead-letters").statusCode()).isEqualTo(404);

        catalog.put(new FunctionInfo(
                "default", "hello", 3, null, "r1", null, null, AsyncSettings.DEFAULT, null, Integer.MAX_VALUE, "u"));

        assertThat(get("dead-letters").getLong("total")).isZero();
    }

    @Test
    void deadLettersOfADeletedFunctionAreRead() throws Exception {
        stores.put(new DeadLetter(outcome(), null, "arn:hello", null, "test", "1"));

        assertThat(get("dead-letters").getLong("total")).isEqualTo(1);
        assertThat(call("DELETE", "dead-letters").statusCode()).isEqualTo(200);
    }

    private JsonObject get(String path) throws Exception {
        HttpResponse<String> answer = call("GET", path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return new JsonObject(answer.body());
    }

    private HttpResponse<String> call(String method, String path) throws Exception {
        URI uri = URI.create(
                "http://127.0.0.1:" + server.actualPort() + "/kappa/v1/namespaces/default/functions/hello/" + path);
        return client.send(
                HttpRequest.newBuilder(uri)
                        .method(method, BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
    }

    private static Outcome outcome() {
        return new Outcome(
                ID,
                "default",
                "hello",
                "$LATEST",
                Condition.RETRIES_EXHAUSTED,
                1,
                1,
                2,
                200,
                null,
                null,
                List.of(),
                false);
    }
}
