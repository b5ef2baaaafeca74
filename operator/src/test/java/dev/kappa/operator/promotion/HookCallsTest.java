package dev.kappa.operator.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.kappa.operator.http.PlatformClient;
import dev.kappa.operator.promotion.HookCalls.Call;
import dev.kappa.operator.rollout.Observation.Hook;
import dev.kappa.wire.PlatformTokens;
import dev.kappa.wire.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HookCallsTest {
    private static final PlatformTokens TOKENS =
            new PlatformTokens("secret", List.of(PlatformTokens.GATEWAYS), false, InstantSource.system());

    private final HttpClient http = HttpClient.newHttpClient();
    private final AtomicInteger runs = new AtomicInteger();
    private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final InstantSource source = () -> now;
    private final Clock clock = source.withZone(ZoneOffset.UTC);
    private HttpServer gateway;
    private HookCalls hooks;
    private volatile String answer = "";
    private volatile boolean fails;
    private volatile @Nullable String query;

    @BeforeEach
    void start() throws IOException {
        gateway = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        gateway.createContext("/2015-03-31/functions/check.media/invocations", exchange -> {
            try (exchange) {
                runs.incrementAndGet();
                String shown = exchange.getRequestHeaders().getFirst(Wire.PLATFORM);
                exchange.getResponseHeaders()
                        .set(Wire.PROOF, TOKENS.answer(shown).orElseThrow());
                query = exchange.getRequestURI().getQuery();
                if (fails) {
                    exchange.getResponseHeaders().set("X-Amz-Function-Error", "Unhandled");
                }
                byte[] body = answer.getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
                exchange.getResponseBody().write(body);
            }
        });
        gateway.start();
        hooks = new HookCalls(
                new PlatformClient(http, TOKENS),
                "http://127.0.0.1:" + gateway.getAddress().getPort(),
                clock);
    }

    @AfterEach
    void stop() {
        gateway.stop(0);
        http.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "1", "\"Failed\"", "all is well", "{\"status\":", "<html/>", "{}"})
    void whateverIsNoFailureAgreesAfterOneRun(String text) throws Exception {
        answer = text;

        assertThat(outcome("check")).isEqualTo(new Hook.Succeeded());
        assertThat(runs).hasValue(1);
    }

    @Test
    void anErrorThatIsNoJsonIsToldAfterOneRun() throws Exception {
        fails = true;
        answer = "segmentation fault";

        assertThat(outcome("check"))
                .isEqualTo(new Hook.Failed("function check ended with an error: segmentation fault"));
        assertThat(runs).hasValue(1);
    }

    @Test
    void anAliasMayBeAsLongAsTheApiTakesIt() throws Exception {
        String alias = "a".repeat(128);

        assertThat(outcome("check." + alias)).isEqualTo(new Hook.Succeeded());
        assertThat(query).isEqualTo("Qualifier=" + alias);
    }

    @Test
    void aRefusalIsTold() throws Exception {
        answer = "{\"status\": \"Failed\", \"message\": \"not today\"}";

        assertThat(outcome("check")).isEqualTo(new Hook.Failed("function check says Failed: not today"));
    }

    @Test
    void aHookThatCannotBeNamedFailsInsteadOfPendingForEver() throws Exception {
        assertThat(outcome("no name")).isInstanceOf(Hook.Failed.class);
    }

    @Test
    void nothingIsKeptOfARolloutThatEnded() throws Exception {
        outcome("check");

        hooks.forget("d-1");

        assertThat(hooks.isEmpty()).isTrue();
    }

    @Test
    void nothingIsKeptOfAnAliasThatWasDeletedDuringItsRollout() throws Exception {
        outcome("check");
        now = now.plus(Duration.ofHours(1));

        outcome("d-2", "check");
        hooks.forget("d-2");

        assertThat(hooks.isEmpty()).isTrue();
    }

    private Hook outcome(String hook) throws InterruptedException {
        return outcome("d-1", hook);
    }

    private Hook outcome(String deployment, String hook) throws InterruptedException {
        Call call = new Call(deployment, "preTraffic", hook, "media", "thumbnails.live", 1, 2);
        Hook outcome = hooks.outcome(call);
        while (outcome instanceof Hook.Pending) {
            Thread.sleep(5);
            outcome = hooks.outcome(call);
        }
        return outcome;
    }
}
