package dev.kappa.operator.promotion;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kappa.operator.rollout.QueryAlarm.Answer;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks a Prometheus (its HTTP API, {@code GET /api/v1/query}) in threads of its own; who asks here gets the last answer and
 * never waits.
 */
public final class PrometheusQueries {
    private static final Duration EVERY = Duration.ofSeconds(2);
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final Duration STALE = Duration.ofSeconds(15);
    private static final Duration FORGET = Duration.ofMinutes(1);
    private static final int MOST_BYTES = 1 << 20;
    private static final int OK = 200;

    private record State(Answer answer, Instant asked, boolean running, Instant wanted) {}

    private final HttpClient http;
    private final ObjectMapper json = new ObjectMapper();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, State> states = new ConcurrentHashMap<>();
    private final String url;
    private final Clock clock;

    /**
     * Asks one Prometheus.
     *
     * @param http the process's client
     * @param url its base address, empty for none
     * @param clock the time
     */
    public PrometheusQueries(HttpClient http, String url, Clock clock) {
        this.http = http;
        this.url = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
        this.clock = clock;
    }

    /** The last answer; every two seconds another one is fetched. */
    Answer ask(String query, Instant now) {
        if (url.isEmpty()) {
            return new Answer.Unavailable(
                    "this installation knows no Prometheus (operator.prometheusUrl of the chart)");
        }
        states.values().removeIf(state -> state.wanted().isBefore(now.minus(FORGET)));
        State state = states.compute(query, (key, known) -> wanted(key, known, now));
        return state.answer() instanceof Answer.Values values && values.asked().isBefore(now.minus(STALE))
                ? new Answer.Unavailable("its last answer is older than " + STALE.toSeconds() + " s")
                : state.answer();
    }

    private State wanted(String query, @org.jspecify.annotations.Nullable State known, Instant now) {
        if (known != null && (known.running() || known.asked().plus(EVERY).isAfter(now))) {
            return new State(known.answer(), known.asked(), known.running(), now);
        }
        threads.execute(() -> {
            Answer answer = fetch(query);
            states.computeIfPresent(query, (key, state) -> new State(answer, state.asked(), false, state.wanted()));
        });
        Answer last = known == null ? new Answer.Unavailable("it was not asked yet") : known.answer();
        return new State(last, now, true, now);
    }

    private Answer fetch(String query) {
        Instant asked = clock.instant();
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(url + "/api/v1/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8)))
                .timeout(LIMIT)
                .build();
        CompletableFuture<HttpResponse<String>> call =
                http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofString(), MOST_BYTES));
        try {
            HttpResponse<String> answer = call.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            return read(answer.statusCode(), answer.body(), asked);
        } catch (TimeoutException e) {
            call.cancel(true);
            return unavailable("does not answer within " + LIMIT.toSeconds() + " s");
        } catch (ExecutionException e) {
            return unavailable("does not answer: " + e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return unavailable("was not waited for");
        }
    }

    private Answer read(int status, String body, Instant asked) {
        JsonNode answer;
        try {
            answer = json.readTree(body);
        } catch (IOException e) {
            return unavailable("answers status " + status + " and no JSON");
        }
        if (status != OK || !answer.path("status").asText().equals("success")) {
            return unavailable("answers status " + status + ": "
                    + answer.path("errorType").asText("no errorType") + ", "
                    + answer.path("error").asText("no error"));
        }
        JsonNode data = answer.path("data");
        String type = data.path("resultType").asText();
        return switch (type) {
            case "scalar" -> values(List.of(data.path("result")), asked);
            case "vector" -> {
                List<JsonNode> series = new ArrayList<>();
                data.path("result").forEach(one -> series.add(one.path("value")));
                yield values(series, asked);
            }
            default -> unavailable("answers a " + type + " where a number or a vector is needed");
        };
    }

    private Answer values(List<JsonNode> samples, Instant asked) {
        List<Double> values = new ArrayList<>();
        for (JsonNode sample : samples) {
            String text = sample.path(1).asText();
            try {
                values.add(Double.parseDouble(text.replace("Inf", "Infinity")));
            } catch (NumberFormatException e) {
                return unavailable("answers a sample without a number: " + sample);
            }
        }
        return new Answer.Values(values, asked);
    }

    private Answer.Unavailable unavailable(String what) {
        return new Answer.Unavailable("Prometheus at " + url + " " + what);
    }
}
