package dev.kappa.sources.invoke;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.kappa.sources.answer.BatchAnswers;
import dev.kappa.sources.batch.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the gateway's answers mean for a batch. */
@Timeout(60)
class GatewayClientTest {
    private static final FunctionTarget FUNCTION = new FunctionTarget("media", "ship", Optional.of("live"));

    @TempDir
    Path folder;

    private HttpServer server;
    private GatewayClient client;
    private String asked = "";
    private int status = 200;
    private Map<String, String> headers = Map.of();
    private String body = "";

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked = exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("Authorization") + " "
                    + exchange.getRequestHeaders().getFirst("X-Kappa-Waits-Seconds");
            headers.forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
            byte[] answer = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, answer.length == 0 ? -1 : answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        Path token = Files.writeString(folder.resolve("token"), "secret\n");
        client = new GatewayClient("http://127.0.0.1:" + server.getAddress().getPort(), token);
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void anAnswerIsReadForTheRecordsThatFailed() {
        body = "{\"batchItemFailures\":[{\"itemIdentifier\":\"a\"}]}";

        assertThat(run()).isEqualTo(new BatchRun(new Answer.Partial(List.of("a"), Optional.empty()), ""));
        assertThat(asked).isEqualTo("/2015-03-31/functions/ship.media/invocations?Qualifier=live Bearer secret 60");
    }

    @Test
    void anErrorOfTheFunctionIsAnAttempt() {
        headers = Map.of("X-Amz-Function-Error", "Unhandled");
        body = "{\"errorMessage\":\"no such tenant\",\"errorType\":\"KeyError\"}";

        assertThat(run().answer()).isEqualTo(new Answer.FunctionError("Unhandled: no such tenant"));
    }

    @Test
    void whatDidNotReachTheFunctionIsNone() {
        status = 404;
        headers = Map.of("x-amzn-ErrorType", "ResourceNotFoundException");
        body = "{\"Message\":\"Function not found: x\"}";

        assertThat(run()).isEqualTo(new BatchRun(new Answer.NotRun("Function not found: x"), "ResourceNotFound"));
        server.stop(0);
        assertThat(run().reason()).isEqualTo("Unreachable");
    }

    @Test
    void aBatchThatCanNeverRunIsGivenBackAsFailed() {
        status = 413;
        body = "{\"Message\":\"too large\"}";

        assertThat(run().answer()).isEqualTo(new Answer.FunctionError("too large"));
    }

    private BatchRun run() {
        return client.run(FUNCTION, "{}", it -> BatchAnswers.read(it, true, false));
    }
}
