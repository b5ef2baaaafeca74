package dev.kappa.e2e;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** What users do with asynchronous events: send them, ask for their story, mend their dead letters. */
final class Events {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private Events() {}

    /** Sends an event; any answer is returned. */
    static HttpResponse<String> send(String function, String payload) throws IOException, InterruptedException {
        return HTTP.send(
                HttpRequest.newBuilder(URI.create(
                                Cluster.shared().endpoint() + "/2015-03-31/functions/" + function + "/invocations"))
                        .timeout(Duration.ofSeconds(30))
                        .header("X-Amz-Invocation-Type", "Event")
                        .header("Authorization", Identity.administrator().bearer())
                        .POST(BodyPublishers.ofString(payload))
                        .build(),
                BodyHandlers.ofString());
    }

    /** Sends an event that has to be accepted; its request id is returned. */
    static String accept(String function, String payload) throws IOException, InterruptedException {
        HttpResponse<String> answer = send(function, payload);
        if (answer.statusCode() != 202) {
            throw new AssertionError(answer.statusCode() + " " + answer.body());
        }
        return answer.headers().firstValue("x-amzn-RequestId").orElseThrow();
    }

    /** Calls Kappa's API about the events of a function. */
    static HttpResponse<String> call(String method, String function, String path)
            throws IOException, InterruptedException {
        return HTTP.send(
                HttpRequest.newBuilder(URI.create(Cluster.shared().endpoint()
                                + "/kappa/v1/namespaces/default/functions/" + function + "/" + path))
                        .timeout(Duration.ofSeconds(30))
                        .header("Authorization", Identity.administrator().bearer())
                        .method(method, BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
    }

    static JsonNode json(String method, String function, String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = call(method, function, path);
        if (answer.statusCode() != 200) {
            throw new AssertionError(answer.statusCode() + " " + answer.body());
        }
        return JSON.readTree(answer.body());
    }

    /** How an event ended, once it did. */
    static JsonNode outcome(String function, String requestId) throws IOException {
        return outcome(function, requestId, Duration.ofMinutes(2));
    }

    static JsonNode outcome(String function, String requestId, Duration longest) throws IOException {
        String ended = await("event " + requestId + " of " + function)
                .atMost(longest)
                .pollInterval(Duration.ofMillis(250))
                .until(
                        () -> call("GET", function, "events/" + requestId).body(),
                        containsString("\"state\":\"Ended\""));
        return JSON.readTree(ended);
    }
}
