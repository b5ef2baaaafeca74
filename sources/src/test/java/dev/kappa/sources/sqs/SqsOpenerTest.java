package dev.kappa.sources.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.kappa.api.v1alpha1.EventSource;
import dev.kappa.api.v1alpha1.EventSourceSpec;
import dev.kappa.api.v1alpha1.SourceCredentials;
import dev.kappa.api.v1alpha1.SqsSource;
import dev.kappa.sources.batch.Answer;
import dev.kappa.sources.cluster.Report;
import dev.kappa.sources.guard.GuardedHttp;
import dev.kappa.sources.guard.HostGuard;
import dev.kappa.sources.invoke.BatchRun;
import dev.kappa.sources.work.BatchMeters;
import dev.kappa.sources.work.PollingWorker;
import dev.kappa.sources.work.SourceStatus;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the owner of a source is told when its queue cannot be used; the answers are AWS's. */
@Timeout(60)
class SqsOpenerTest {
    private final BlockingQueue<Report> reports = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private Map<String, String> secret = Map.of("AWS_ACCESS_KEY_ID", "AKID", "AWS_SECRET_ACCESS_KEY", "key\n");
    private int status = 400;
    private String code = "";
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            seen.add(exchange.getRequestHeaders().getFirst("Host") + " "
                    + exchange.getRequestHeaders().getFirst("X-Amz-Target") + " "
                    + exchange.getRequestHeaders().getFirst("Authorization"));
            exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
            exchange.getResponseHeaders().set("x-amzn-query-error", code + ";Sender");
            byte[] body = ("{\"__type\":\"com.amazonaws.sqs#" + code + "\",\"message\":\"no\"}")
                    .getBytes(java.nio.charset.StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        timer.shutdownNow();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            400 | AWS.SimpleQueueService.NonExistentQueue | QueueNotFound      | create it
            403 | InvalidClientTokenId                    | CredentialsRefused | correct the Secret
            403 | SignatureDoesNotMatch                   | CredentialsRefused | correct the Secret
            403 | AccessDenied                            | AccessDenied       | grant sqs:GetQueueUrl
            400 | InvalidAddress                          | QueueRefused       | 400 InvalidAddress
            """)
    void whatTheServerRefusesIsNamed(int answer, String error, String reason, String remedy) throws Exception {
        status = answer;
        code = error;

        Report report = report("http://localhost:PORT/000000000000/orders", "localhost");

        assertThat(report.ready()).isFalse();
        assertThat(report.reason()).isEqualTo(reason);
        assertThat(report.message()).contains("the queue orders at http://localhost:", remedy);
        assertThat(seen.take())
                .startsWith("localhost:" + port() + " AmazonSQS.GetQueueAttributes AWS4-HMAC-SHA256 Credential=AKID/")
                .contains("/us-east-1/sqs/");
    }

    @Test
    void hostsThatTheChartDoesNotNameAreNotAsked() throws Exception {
        Report open = report("http://localhost:PORT/000000000000/orders", "other");
        Report inside = report("https://localhost:PORT/000000000000/orders", "other");

        assertThat(open.reason()).isEqualTo("EndpointRefused");
        assertThat(open.message()).contains("is not https", "sources.privateHosts", "add localhost there");
        assertThat(inside.reason()).isEqualTo("Unreachable");
        assertThat(inside.message()).contains("localhost has the address", "which is not a public one");
        assertThat(seen).isEmpty();
    }

    @Test
    void aSecretThatLacksAKeyIsNamed() throws Exception {
        secret = Map.of("AWS_ACCESS_KEY_ID", "AKID");

        Report report = report("http://localhost:PORT/000000000000/orders", "localhost");

        assertThat(report.reason()).isEqualTo("SecretIncomplete");
        assertThat(report.message()).contains("Secret media/keys has no key AWS_SECRET_ACCESS_KEY; add it");
        assertThat(seen).isEmpty();
    }

    private int port() {
        return server.getAddress().getPort();
    }

    private Report report(String queue, String privateHost) throws InterruptedException {
        BatchMeters meters = new BatchMeters(new SimpleMeterRegistry());
        SqsOpener opener = new SqsOpener(
                new GuardedHttp(new HostGuard(List.of(privateHost))),
                (namespace, name) -> Optional.of(secret),
                (function, payload, read) -> new BatchRun(new Answer.NotRun("nothing runs here"), "Test"),
                InstantSource.system(),
                timer,
                "us-east-1",
                meters);
        EventSource source = source(queue.replace("PORT", String.valueOf(port())));
        PollingWorker worker = new PollingWorker(
                source,
                opener,
                new SourceStatus(
                        source,
                        SqsOpener.KIND,
                        SqsOpener::works,
                        (told, report) -> reports.add(report),
                        InstantSource.system(),
                        timer),
                meters,
                timer);
        worker.start();
        Report report = reports.take();
        worker.stop();
        assertThat(worker.isOver()).isTrue();
        return report;
    }

    private static EventSource source(String queue) {
        EventSource source = new EventSource();
        source.setMetadata(new ObjectMetaBuilder()
                .withNamespace("media")
                .withName("orders")
                .withUid("1")
                .withGeneration(1L)
                .build());
        EventSourceSpec spec = new EventSourceSpec();
        spec.function = "ship";
        spec.sqs = new SqsSource();
        spec.sqs.queue = queue;
        spec.sqs.credentials = new SourceCredentials();
        spec.sqs.credentials.secretRef = new SourceCredentials.SecretRef();
        spec.sqs.credentials.secretRef.name = "keys";
        source.setSpec(spec);
        return source;
    }
}
