package dev.kappa.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.gateway.catalog.FunctionInfo;
import dev.kappa.identity.AccessAuthorizer;
import dev.kappa.identity.AccessKeys;
import dev.kappa.identity.Caller;
import dev.kappa.identity.CallerAuthenticator;
import dev.kappa.identity.SessionKeys;
import dev.kappa.identity.SessionTokens;
import dev.kappa.lambda.Accounts;
import dev.kappa.wire.PlatformTokens;
import dev.kappa.wire.PlatformTokens.Shown;
import dev.kappa.wire.Wire;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nobody reaches a function without proof and permission; Kappa's own processes do, on the internal port alone. */
@Timeout(60)
class PublicPortTest {
    private static final String SOURCES = "system:serviceaccount:kappa-system:kappa-sources";

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private FakeShim shim;
    private TestGateway gateway;

    @BeforeEach
    void start() throws Exception {
        Clock clock = Clock.systemUTC();
        shim = new FakeShim(vertx, "pod-1");
        gateway = new TestGateway(
                vertx,
                "g1",
                "127.0.0.1",
                0,
                0,
                0,
                1,
                new CallerAuthenticator(
                        new AccessKeys(),
                        new SessionTokens(() -> SessionKeys.NONE, clock),
                        token -> Optional.of(new Caller(token)),
                        "us-east-1",
                        "lambda",
                        clock),
                new AccessAuthorizer(
                        (caller, access) -> access.namespace().equals("default")
                                && (access.name().equals(caller.name())
                                        || caller.name().equals(SOURCES)),
                        new Accounts("us-east-1", "default"),
                        clock));
        for (String function : new String[] {"hello", "other"}) {
            gateway.catalog.put(new FunctionInfo("default", function, 3, null, "r1", null));
        }
        gateway.dispatcher.hello(shim.hello("hello", 4), shim.address());
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private HttpResponse<String> invoke(String url, String function, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(url + "/2015-03-31/functions/" + function + "/invocations"))
                .POST(BodyPublishers.ofString("1"));
        return client.send((headers.length == 0 ? request : request.headers(headers)).build(), BodyHandlers.ofString());
    }

    private static String type(HttpResponse<String> answer) {
        return answer.headers().firstValue("x-amzn-ErrorType").orElse("");
    }

    @Test
    void aCallerReachesTheFunctionsThatItMay() throws Exception {
        HttpResponse<String> allowed = invoke(gateway.publicUrl(), "hello", "Authorization", "Bearer hello");
        HttpResponse<String> denied = invoke(gateway.publicUrl(), "other", "Authorization", "Bearer hello");
        HttpResponse<String> missing = invoke(gateway.publicUrl(), "absent", "Authorization", "Bearer hello");

        assertThat(allowed.statusCode()).as(allowed.body()).isEqualTo(200);
        assertThat(denied.statusCode()).isEqualTo(403);
        assertThat(type(denied)).isEqualTo("AccessDeniedException");
        assertThat(missing.statusCode()).isEqualTo(403);
        assertThat(missing.body()).isEqualTo(denied.body().replace("other", "absent"));
        assertThat(missing.headers().firstValue("x-amzn-RequestId")).isPresent();
    }

    @Test
    void anotherNamespaceAndAnUnknownAccountLookAlike() throws Exception {
        String known = "arn:aws:lambda:us-east-1:" + gateway.accounts.account("media") + ":function:hello";
        String unknown = "arn:aws:lambda:us-east-1:123456789012:function:hello";
        gateway.accounts.know("media");

        HttpResponse<String> denied = invoke(gateway.publicUrl(), known, "Authorization", "Bearer hello");
        HttpResponse<String> missing = invoke(gateway.publicUrl(), unknown, "Authorization", "Bearer hello");

        assertThat(denied.statusCode()).isEqualTo(403);
        assertThat(missing.statusCode()).isEqualTo(403);
        assertThat(missing.body()).isEqualTo(denied.body().replace(known, unknown));
    }

    @Test
    void thePlatformsTokenOpensTheInternalPortOnly() throws Exception {
        Shown shown = gateway.platform.to(PlatformTokens.GATEWAYS);
        String token = shown.token();

        HttpResponse<String> answer = invoke(gateway.internalUrl(), "hello", Wire.PLATFORM, token);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(shown.isAnsweredBy(answer.headers().firstValue(Wire.PROOF).orElse(null)))
                .isTrue();
        String ofAnotherProcess = gateway.platform.to(PlatformTokens.API).token();
        HttpResponse<String> refused = invoke(gateway.internalUrl(), "hello", Wire.PLATFORM, ofAnotherProcess);
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.headers().firstValue(Wire.PROOF)).isEmpty();
        assertThat(invoke(gateway.internalUrl(), "hello").statusCode()).isEqualTo(403);
        assertThat(type(invoke(gateway.publicUrl(), "hello", Wire.PLATFORM, token)))
                .isEqualTo("MissingAuthenticationTokenException");
        assertThat(shim.ran).hasSize(1);
    }

    @Test
    void sourcesNameTheEventsOfTheirTicksAndNobodyElseDoes() throws Exception {
        String tick = UUID.nameUUIDFromBytes(new byte[] {1}).toString();

        assertThat(idOf(SOURCES, tick)).isEqualTo(tick);
        assertThat(idOf("hello", tick)).isNotEqualTo(tick);
        String random = UUID.randomUUID().toString();
        assertThat(idOf(SOURCES, random)).isNotEqualTo(random);
        assertThat(gateway.events.accepted)
                .hasSize(3)
                .anyMatch(it -> it.requestId().equals(tick));
    }

    /** The id of an event that a caller wants to have that id. */
    private String idOf(String caller, String id) throws Exception {
        HttpResponse<String> accepted = invoke(
                gateway.publicUrl(),
                "hello",
                "Authorization",
                "Bearer " + caller,
                "X-Amz-Invocation-Type",
                "Event",
                Wire.REQUEST_ID,
                id);
        assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(202);
        return accepted.headers().firstValue("x-amzn-RequestId").orElse("");
    }
}
