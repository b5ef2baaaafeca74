package dev.kappa.sources.invoke;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kappa.sources.batch.Answer;
import dev.kappa.wire.Wire;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/** Invokes functions through the gateway with the token of this process's ServiceAccount. Calls block. */
public final class GatewayClient {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration ACCEPT = Duration.ofSeconds(10);
    /** What an instance of a batch may take to be there; then the batch is tried again. */
    private static final Duration WAIT = Duration.ofMinutes(1);
    /** The longest timeout of a function, and some. */
    private static final Duration RUN = Duration.ofMinutes(16);

    private static final int OK = 200;
    private static final int ACCEPTED = 202;
    private static final Set<Integer> NEVER_RUNS = Set.of(400, 413);
    private static final int LONGEST_MESSAGE = 500;
    private static final int AT_ONCE = 64;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .build();
    private final Semaphore places = new Semaphore(AT_ONCE);
    private final String url;
    private final Path token;

    /**
     * For a gateway.
     *
     * @param url its base address
     * @param token file of the token, which Kubernetes renews
     */
    public GatewayClient(String url, Path token) {
        this.url = url;
        this.token = token;
    }

    /**
     * Gives an asynchronous event to a function.
     *
     * @param function whose
     * @param requestId of the event: the same id is the same event
     * @param payload JSON
     * @throws RefusedEventException if the gateway answers that it does not take it
     * @throws IOException if nobody knows whether it took it
     * @throws InterruptedException if the caller is to stop
     */
    public void accept(FunctionTarget function, String requestId, String payload)
            throws RefusedEventException, IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + function.path()))
                .timeout(ACCEPT)
                .header("Authorization", "Bearer " + Files.readString(token).strip())
                .header("X-Amz-Invocation-Type", "Event")
                .header(Wire.REQUEST_ID, requestId)
                .POST(BodyPublishers.ofString(payload))
                .build();
        places.acquire();
        try {
            HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
            if (answer.statusCode() != ACCEPTED) {
                throw refused(answer);
            }
        } finally {
            places.release();
        }
    }

    /**
     * Runs a batch, which waits for an instance behind the events of callers.
     *
     * @param function whose
     * @param payload JSON
     * @param read what an answer that is no error means
     * @return how it ended
     */
    public BatchRun run(FunctionTarget function, String payload, Function<String, Answer> read) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url + function.path()))
                    .timeout(WAIT.plus(RUN))
                    .header("Authorization", "Bearer " + Files.readString(token).strip())
                    .header(Wire.WAITS_SECONDS, Long.toString(WAIT.toSeconds()))
                    .POST(BodyPublishers.ofString(payload))
                    .build();
            HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
            if (answer.statusCode() != OK) {
                RefusedEventException refused = refused(answer);
                String message = shortened(String.valueOf(refused.getMessage()));
                return NEVER_RUNS.contains(answer.statusCode())
                        ? ran(answer, new Answer.FunctionError(message))
                        : new BatchRun(new Answer.NotRun(message), refused.reason());
            }
            Optional<String> failed = answer.headers().firstValue("X-Amz-Function-Error");
            return ran(
                    answer,
                    failed.isPresent()
                            ? new Answer.FunctionError(failed.get() + ": " + shortened(message(answer.body())))
                            : read.apply(answer.body()));
        } catch (IOException e) {
            return new BatchRun(new Answer.NotRun("no gateway answers: " + e), "Unreachable");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new BatchRun(new Answer.NotRun("the process stops"), "Unreachable");
        }
    }

    private static BatchRun ran(HttpResponse<String> answer, Answer meaning) {
        return new BatchRun(
                meaning,
                "",
                answer.headers().firstValue("x-amzn-RequestId").orElse(""),
                answer.headers().firstValue("X-Amz-Executed-Version").orElse(""));
    }

    private static String shortened(String message) {
        return message.length() <= LONGEST_MESSAGE ? message : message.substring(0, LONGEST_MESSAGE) + "…";
    }

    private static RefusedEventException refused(HttpResponse<String> answer) {
        String type = answer.headers().firstValue("x-amzn-ErrorType").orElse("Status" + answer.statusCode());
        return new RefusedEventException(answer.statusCode(), type, message(answer.body()));
    }

    private static String message(String body) {
        try {
            JsonNode error = JSON.readTree(body);
            String text = error.path("Message").asText(error.path("message").asText(""));
            return text.isEmpty() ? error.path("errorMessage").asText(body) : text;
        } catch (IOException e) {
            return body;
        }
    }
}
