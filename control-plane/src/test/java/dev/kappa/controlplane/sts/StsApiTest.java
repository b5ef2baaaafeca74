package dev.kappa.controlplane.sts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.http.AuditLog;
import dev.kappa.http.AuditLog.Recorded;
import dev.kappa.http.CallWatch;
import dev.kappa.http.CallerRates;
import dev.kappa.http.SourceAddress;
import dev.kappa.identity.Access;
import dev.kappa.identity.AccessAuthorizer;
import dev.kappa.identity.AccessKeys;
import dev.kappa.identity.Caller;
import dev.kappa.identity.CallerAuthenticator;
import dev.kappa.identity.SessionKeys;
import dev.kappa.identity.SessionTokens;
import dev.kappa.lambda.Accounts;
import dev.kappa.lambda.Rate;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StsApiTest {
    private static final String ROLE = "arn:aws:iam::000000000000:role/ada";

    private static final int CALLS = 5;

    private final Vertx vertx = Vertx.vertx();
    private final ByteArrayOutputStream lines = new ByteArrayOutputStream();
    private final AuditLog audit = new AuditLog("api", new Recorded(false, false), lines).start();
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<Access> asked = new CopyOnWriteArrayList<>();
    private HttpServer server;

    @BeforeEach
    void start() throws Exception {
        SessionKeys keys = new SessionKeys(Map.of(1, SessionKeys.key(new byte[32])), 1);
        SessionTokens sessions = new SessionTokens(() -> keys, Clock.systemUTC());
        CallerAuthenticator callers = new CallerAuthenticator(
                new AccessKeys(),
                sessions,
                token -> switch (token) {
                    case "adas" -> Optional.of(Caller.serviceAccount("default", "ada"));
                    case "bobs" -> Optional.of(new Caller("bob"));
                    default -> Optional.empty();
                },
                "us-east-1",
                "sts",
                Clock.systemUTC());
        Accounts accounts = new Accounts("us-east-1", "default");
        server = vertx.createHttpServer()
                .requestHandler(new StsApi(
                        callers,
                        new AccessAuthorizer(
                                (caller, access) -> asked.add(access)
                                        && access.namespace().equals("default")
                                        && access.name().equals("worker"),
                                accounts,
                                Clock.systemUTC()),
                        sessions,
                        accounts,
                        new CallWatch(audit, SourceAddress.PEER, new CallerRates(new Rate(1, CALLS), () -> 0))))
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

    private HttpResponse<String> call(String action, String... parameters) throws Exception {
        return callAs("", action, parameters);
    }

    private HttpResponse<String> callAs(String bearer, String action, String... parameters) throws Exception {
        StringBuilder form = new StringBuilder("Version=2011-06-15&Action=" + action);
        for (int i = 0; i < parameters.length; i += 2) {
            form.append('&')
                    .append(parameters[i])
                    .append('=')
                    .append(URLEncoder.encode(parameters[i + 1], StandardCharsets.UTF_8));
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.actualPort() + "/"))
                .POST(BodyPublishers.ofString(form.toString()));
        if (!bearer.isEmpty()) {
            request.header("Authorization", "Bearer " + bearer);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> assume(String role, String token, String seconds) throws Exception {
        return call(
                "AssumeRoleWithWebIdentity",
                "RoleArn",
                role,
                "RoleSessionName",
                "test",
                "WebIdentityToken",
                token,
                "DurationSeconds",
                seconds);
    }

    @Test
    void aTokenIsExchangedForCredentialsOfItsOwnRole() throws Exception {
        HttpResponse<String> answer = assume(ROLE, "adas", "900");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/xml");
        assertThat(answer.body())
                .contains(
                        "<AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>ASIA",
                        "<SessionToken>",
                        "<Arn>arn:aws:sts::000000000000:assumed-role/ada/test</Arn>");
    }

    @Test
    void whatIsWrongIsToldAsAwsDoes() throws Exception {
        assertThat(assume("arn:aws:iam::000000000000:role/eve", "adas", "900").body())
                .contains("<Code>AccessDenied</Code>", ROLE);
        assertThat(assume(ROLE, "bobs", "900").body()).contains("<Code>AccessDenied</Code>", "has no role");
        assertThat(assume(ROLE, "eves", "900").body()).contains("<Code>InvalidIdentityToken</Code>");
        assertThat(assume(ROLE, "adas", "43201").body()).contains("<Code>ValidationError</Code>", "to 43200");
        assertThat(assume("ada", "adas", "900").body()).contains("<Code>ValidationError</Code>", "RoleArn must be");
        assertThat(call("GetFederationToken").body()).contains("<Code>InvalidAction</Code>");
        HttpResponse<String> unsigned = call("GetCallerIdentity");
        assertThat(unsigned.statusCode()).isEqualTo(403);
        assertThat(unsigned.body()).contains("<Code>MissingAuthenticationToken</Code>");
        assertThat(unsigned.headers().firstValue("Date")).isPresent();
    }

    @Test
    void anotherRoleIsForThoseWhoMayCreateItsTokens() throws Exception {
        String worker = "arn:aws:iam::000000000000:role/worker";
        HttpResponse<String> answer = callAs("bobs", "AssumeRole", "RoleArn", worker, "RoleSessionName", "night-shift");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body())
                .contains(
                        "<AssumeRoleResult><Credentials><AccessKeyId>ASIA",
                        "<Arn>arn:aws:sts::000000000000:assumed-role/worker/night-shift</Arn>");
        assertThat(asked).contains(new Access("create", "serviceaccounts/token", "default", "worker"));
        assertThat(callAs("bobs", "AssumeRole", "RoleArn", ROLE, "RoleSessionName", "night-shift")
                        .body())
                .contains(
                        "<Code>AccessDenied</Code>",
                        "not authorized to perform: sts:AssumeRole on resource: " + ROLE,
                        "allows it to create serviceaccounts/token ada");
        assertThat(callAs(
                                "bobs",
                                "AssumeRole",
                                "RoleArn",
                                worker.replace("0000", "1234"),
                                "RoleSessionName",
                                "night-shift")
                        .body())
                .as("of an account that nobody has")
                .contains("<Code>AccessDenied</Code>");
    }

    @Test
    void aCallForFewerRightsThanTheRolesIsRefused() throws Exception {
        assertThat(callAs(
                                "bobs",
                                "AssumeRole",
                                "RoleArn",
                                "arn:aws:iam::000000000000:role/worker",
                                "RoleSessionName",
                                "night-shift",
                                "Policy",
                                "{}")
                        .body())
                .contains("<Code>ValidationError</Code>", "Policy and PolicyArns are not supported");
    }

    @Test
    void aTokenGivesNoSessionOfAKey() throws Exception {
        assertThat(callAs("adas", "GetSessionToken").body())
                .contains("<Code>AccessDenied</Code>", "must be signed with an access key");
        assertThat(callAs("adas", "GetCallerIdentity").body()).contains("<Arn>" + ROLE + "</Arn>");
    }

    private List<JsonObject> recorded() throws InterruptedException {
        while (audit.waiting() > 0) {
            Thread.sleep(1);
        }
        return lines.toString(StandardCharsets.UTF_8)
                .lines()
                .map(JsonObject::new)
                .toList();
    }

    @Test
    void theAuditLogHasWhoAskedForWhichRoleAndWhatIsRefused() throws Exception {
        assume(ROLE, "adas", "900");
        callAs("adas", "GetCallerIdentity");
        assume("arn:aws:iam::000000000000:role/eve", "adas", "900");
        call("Steal\nsts:AssumeRole");

        List<JsonObject> lines = recorded();
        assertThat(lines).hasSize(3);
        assertThat(lines.getFirst().getMap())
                .containsEntry("decision", "allow")
                .containsEntry("action", "sts:AssumeRoleWithWebIdentity")
                .containsEntry("role", ROLE)
                .containsEntry("caller", "system:serviceaccount:default:ada")
                .containsEntry("status", 200)
                .containsEntry("sourceAddress", "127.0.0.1")
                .containsKey("requestId");
        assertThat(lines.get(1).getMap())
                .containsEntry("decision", "deny")
                .containsEntry("role", "arn:aws:iam::000000000000:role/eve")
                .containsEntry("error", "AccessDenied")
                .containsEntry("caller", "system:serviceaccount:default:ada");
        assertThat(lines.get(2).getMap())
                .containsEntry("action", "sts:")
                .containsEntry("error", "InvalidAction")
                .doesNotContainKeys("caller", "role");
    }

    @Test
    void whoCallsTooOftenIsTold() throws Exception {
        for (int i = 0; i < CALLS; i++) {
            assertThat(callAs("adas", "GetCallerIdentity").statusCode()).isEqualTo(200);
        }

        HttpResponse<String> refused = callAs("adas", "GetCallerIdentity");

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("<Code>Throttling</Code>");
        assertThat(callAs("bobs", "GetCallerIdentity").statusCode()).isEqualTo(200);
    }
}
