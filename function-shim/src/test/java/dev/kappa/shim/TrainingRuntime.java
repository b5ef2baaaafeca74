package dev.kappa.shim;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/** The runtime client of a user's image, as far as training needs one: echoes events and fails those that say so. */
final class TrainingRuntime {
    private final HttpClient client = HttpClient.newHttpClient();
    private final URI api;

    private TrainingRuntime(URI api) {
        this.api = api;
    }

    /** Serves in the background, as soon as the API listens. */
    static void start(URI api) {
        Thread.ofPlatform().daemon().name("runtime").start(new TrainingRuntime(api)::serve);
    }

    private void serve() {
        try {
            while (true) {
                try {
                    serveOne();
                } catch (IOException e) {
                    Thread.sleep(20); // it does not listen yet, or no more
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serveOne() throws IOException, InterruptedException {
        HttpResponse<String> event = client.send(request("invocation/next").build(), BodyHandlers.ofString());
        String id = event.headers().firstValue("Lambda-Runtime-Aws-Request-Id").orElseThrow();
        boolean fails = event.body().contains("\"fail\"");
        String body = fails ? "{\"errorType\":\"Error\",\"errorMessage\":\"as asked\"}" : event.body();
        client.send(
                request("invocation/" + id + (fails ? "/error" : "/response"))
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.discarding());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(api.resolve("/2018-06-01/runtime/" + path));
    }
}
