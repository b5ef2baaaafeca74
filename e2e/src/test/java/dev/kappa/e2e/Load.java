package dev.kappa.e2e;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Callers that invoke one function again and again until they are told to stop; each opens its own connections. */
final class Load implements AutoCloseable {
    private final AtomicBoolean going = new AtomicBoolean(true);
    private final AtomicInteger answered = new AtomicInteger();
    private final Map<String, Integer> errors = new ConcurrentHashMap<>();
    private final Map<String, Integer> executed = new ConcurrentHashMap<>();
    private final Map<String, Integer> waited = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Future<?>> callers = new ArrayList<>();
    private final URI uri;

    private Load(String function) {
        this.uri = URI.create(Cluster.shared().endpoint() + "/2015-03-31/functions/" + function + "/invocations");
    }

    static Load on(String function, int callers) {
        Load load = new Load(function);
        for (int i = 0; i < callers; i++) {
            load.callers.add(load.threads.submit(load::call));
        }
        return load;
    }

    /** Lets so many more events be answered. */
    void pass(int events) {
        int until = answered.get() + events;
        await("events answered")
                .atMost(ofMinutes(1))
                .pollInterval(ofMillis(50))
                .untilAsserted(() ->
                        assertThat(answered).as("errors so far: %s", errors).hasValueGreaterThanOrEqualTo(until));
    }

    /** What did not end with 200 and without a function error, by kind. */
    Map<String, Integer> stop() throws Exception {
        going.set(false);
        for (Future<?> caller : callers) {
            caller.get();
        }
        return Map.copyOf(errors);
    }

    /** Events that got an answer so far. */
    int answered() {
        return answered.get();
    }

    /** Events that a version ran so far. */
    int executed(String version) {
        return executed.getOrDefault(version, 0);
    }

    /** Events of a version so far that waited for an instance to start. */
    int waited(String version) {
        return waited.getOrDefault(version, 0);
    }

    /** The errors so far. */
    Map<String, Integer> errors() {
        return Map.copyOf(errors);
    }

    private Void call() throws InterruptedException {
        try (HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5))
                .build()) {
            while (going.get()) {
                try {
                    HttpResponse<String> answer = http.send(
                            HttpRequest.newBuilder(uri)
                                    .timeout(Duration.ofSeconds(70))
                                    .header(
                                            "Authorization",
                                            Identity.administrator().bearer())
                                    .POST(BodyPublishers.ofString("{}"))
                                    .build(),
                            BodyHandlers.ofString());
                    String version = answer.headers()
                            .firstValue("X-Amz-Executed-Version")
                            .orElse("");
                    executed.merge(version, 1, Integer::sum);
                    if (answer.headers().firstValue("X-Kappa-Cold-Start").isPresent()) {
                        waited.merge(version, 1, Integer::sum);
                    }
                    boolean failed = answer.statusCode() != 200
                            || answer.headers()
                                    .firstValue("X-Amz-Function-Error")
                                    .isPresent();
                    if (failed) {
                        errors.merge(answer.statusCode() + " " + answer.body(), 1, Integer::sum);
                    }
                } catch (IOException e) {
                    errors.merge(String.valueOf(e.getMessage()), 1, Integer::sum);
                    Thread.sleep(50);
                }
                answered.incrementAndGet();
            }
        }
        return null;
    }

    @Override
    public void close() {
        going.set(false);
        threads.shutdownNow();
    }
}
