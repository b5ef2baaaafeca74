package dev.kappa.gateway.demand;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.gateway.FakeShim;
import dev.kappa.gateway.TestGateway;
import dev.kappa.gateway.catalog.FunctionInfo;
import dev.kappa.gateway.dispatch.Answer;
import dev.kappa.gateway.dispatch.Event;
import dev.kappa.http.LoopClient;
import dev.kappa.lambda.VersionKey;
import dev.kappa.wire.DemandAnswer;
import dev.kappa.wire.DemandReport;
import dev.kappa.wire.PlatformTokens;
import dev.kappa.wire.Wire;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.Json;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DemandReporterTest {
    private static final VersionKey HELLO = new VersionKey("default", "hello", "$LATEST");

    private final Vertx vertx = Vertx.vertx();
    private final PlatformTokens tokens = PlatformTokens.of("secret", PlatformTokens.OPERATORS, "127.0.0.1", "");
    private volatile boolean proves = true;
    private final BlockingQueue<DemandReport> reports = new LinkedBlockingQueue<>();
    private TestGateway gateway;
    private FakeShim shim;
    private DemandReporter reporter;

    @BeforeEach
    void start() throws Exception {
        gateway = new TestGateway(vertx, "gateway-a");
        gateway.catalog.put(new FunctionInfo("default", "hello", 3, null, "r1", null));
        shim = new FakeShim(vertx, "pod-1");
        HttpServer operator = vertx.createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> {
                    if (proves) {
                        tokens.answer(request.getHeader(Wire.PLATFORM))
                                .ifPresent(proof -> request.response().putHeader(Wire.PROOF, proof));
                    }
                    DemandReport report = Json.decodeValue(body, DemandReport.class);
                    reports.add(report);
                    boolean scale = report.versions().stream().anyMatch(version -> version.queued() > 0);
                    request.response()
                            .end(Json.encodeToBuffer(new DemandAnswer(
                                    true,
                                    scale
                                            ? List.of(new DemandAnswer.Decision(
                                                    "default", "hello", "$LATEST", 1, "unmet demand"))
                                            : List.of())));
                }))
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(5, TimeUnit.SECONDS);
        reporter = new DemandReporter(
                vertx,
                LoopClient.ofPlatform(vertx),
                "gateway-a",
                gateway.dispatcher,
                gateway.platform,
                operator.actualPort());
        gateway.listeners.add(reporter);
        reporter.operators(List.of("127.0.0.1"));
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    }

    private DemandReport next() throws Exception {
        DemandReport report = reports.poll(5, TimeUnit.SECONDS);
        assertThat(report).isNotNull();
        return report;
    }

    @Test
    void reportsAgainAfterAReportThatCouldNotBeMade() throws Exception {
        assertThat(next().full()).isTrue();
        reporter.queues(() -> {
            throw new IllegalStateException("no queue can be asked");
        });
        reporter.heartbeat();
        Thread.sleep(100);
        reporter.queues(List::of);

        reporter.heartbeat();

        assertThat(next().full()).isTrue();
    }

    @Test
    void reportsUnmetDemandHelloAndDecisionAtOnce() throws Exception {
        assertThat(next().full()).isTrue();

        Future<Answer> answer = gateway.dispatcher.submit(
                new Event("id", HELLO, Buffer.buffer("1"), "arn", null, null, false, System.currentTimeMillis()));

        DemandReport unmet = next();
        assertThat(unmet.full()).isFalse();
        assertThat(unmet.gateway()).isEqualTo("gateway-a");
        assertThat(unmet.versions()).singleElement().satisfies(version -> {
            assertThat(version.queued()).isEqualTo(1);
            assertThat(version.revision()).isEqualTo("r1");
        });
        // The next report leaves once the answer to this one was taken in.
        reporter.heartbeat();
        assertThat(next().full()).isTrue();

        gateway.dispatcher.hello(shim.hello("hello", 1), shim.address());

        DemandReport hello = next();
        assertThat(hello.hellos())
                .singleElement()
                .satisfies(said -> assertThat(said.pod()).isEqualTo("pod-1"));
        assertThat(hello.versions().get(0).instances())
                .singleElement()
                .satisfies(instance -> assertThat(instance.initMs()).isEqualTo(20L));
        Answer.Executed executed = (Answer.Executed)
                answer.toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
        assertThat(executed.coldStart()).isNotNull();
        assertThat(requireNonNull(executed.coldStart()).decided()).isBetween(0L, 5000L);
    }
}
