package dev.kappa.gateway.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.gateway.TestGateway;
import dev.kappa.gateway.dispatch.InstanceAddress;
import dev.kappa.gateway.dispatch.KnownPod;
import dev.kappa.identity.Session;
import dev.kappa.lambda.VersionKey;
import dev.kappa.wire.PlatformTokens;
import dev.kappa.wire.Wire;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RoleCredentialsTest {
    private static final VersionKey REPORT = new VersionKey("media", "report", "3");
    private static final VersionKey OTHER = new VersionKey("media", "other", "3");

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private TestGateway gateway;

    @BeforeEach
    void start() throws Exception {
        gateway = new TestGateway(vertx, "gateway-a");
        pod("report-1", REPORT, "127.0.0.1", "reporter");
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    }

    private void pod(String name, VersionKey version, @Nullable String address, @Nullable String role) {
        InstanceAddress where = address == null ? null : new InstanceAddress(address, Wire.SHIM_PORT, name);
        gateway.pods.put("media/" + name, new KnownPod(version, where, role, 0));
    }

    private HttpResponse<String> ask(VersionKey version, String pod, String token) throws Exception {
        String body = new JsonObject()
                .put("namespace", version.namespace())
                .put("function", version.function())
                .put("version", version.version())
                .put("pod", pod)
                .encode();
        return client.send(
                HttpRequest.newBuilder(URI.create(gateway.internalUrl() + Wire.CREDENTIALS))
                        .POST(BodyPublishers.ofString(body))
                        .header(Wire.TOKEN, token)
                        .build(),
                BodyHandlers.ofString());
    }

    private String token(String pod) {
        return gateway.tokens.of(REPORT, pod);
    }

    @Test
    void anInstanceGetsCredentialsOfItsRole() throws Exception {
        HttpResponse<String> answer = ask(REPORT, "report-1", gateway.tokens.of(REPORT, "report-1"));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonObject given = new JsonObject(answer.body());
        Session session = gateway.sessions.open(given.getString("Token"));
        assertThat(session.key().caller().name()).isEqualTo("system:serviceaccount:media:reporter");
        assertThat(session.key().id()).isEqualTo(given.getString("AccessKeyId"));
        assertThat(session.secretAccessKey()).isEqualTo(given.getString("SecretAccessKey"));
        assertThat(session.name()).isEqualTo("report");
        assertThat(given.getString("RoleArn")).isEqualTo(gateway.accounts.roleArn("media", "reporter"));
        assertThat(Instant.parse(given.getString("Expiration"))).isAfter(Instant.now());
    }

    @Test
    void nobodyElseGetsThem() throws Exception {
        pod("other-1", OTHER, "127.0.0.1", "other");
        pod("report-far", REPORT, "10.9.8.7", "reporter");
        pod("report-new", REPORT, null, "reporter");
        String own = token("report-1");

        assertThat(ask(REPORT, "report-1", gateway.tokens.of(OTHER, "report-1")).statusCode())
                .as("the token of another function")
                .isEqualTo(403);
        assertThat(ask(
                                REPORT,
                                "report-1",
                                gateway.platform.to(PlatformTokens.GATEWAYS).token())
                        .statusCode())
                .as("a platform's token")
                .isEqualTo(403);
        assertThat(ask(REPORT, "report-far", own).statusCode())
                .as("the token of another instance")
                .isEqualTo(403);
        assertThat(ask(REPORT, "other-1", token("other-1")).statusCode())
                .as("a pod of another function")
                .isEqualTo(403);
        assertThat(ask(REPORT, "report-far", token("report-far")).statusCode())
                .as("a pod at another address")
                .isEqualTo(403);
        assertThat(ask(REPORT, "report-new", token("report-new")).statusCode())
                .as("a pod without an address yet")
                .isEqualTo(503);
        assertThat(ask(REPORT, "unknown", token("unknown")).statusCode())
                .as("no pod")
                .isEqualTo(503);
    }

    @Test
    void withoutARoleThereAreNone() throws Exception {
        pod("report-1", REPORT, "127.0.0.1", null);

        HttpResponse<String> answer = ask(REPORT, "report-1", gateway.tokens.of(REPORT, "report-1"));

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).contains("has no execution role: set serviceAccountName");
    }
}
