package dev.kappa.e2e;

import dev.kappa.history.History.Answer;
import dev.kappa.history.History.Sent;
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
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Sends asynchronous events until so many were accepted, each with its own key, and writes down what it was told. */
final class Sender implements AutoCloseable {
    static final String FUNCTION = "chaos";
    private static final int CALLERS = 8;
    /** Of a hundred events so many fail the first time, and so many always. */
    private static final int FAIL_ONCE = 5;

    private static final int FAIL_ALWAYS = 2;

    private final int events;
    private final URI uri =
            URI.create(Cluster.shared().endpoint() + "/2015-03-31/functions/" + FUNCTION + "/invocations");
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger accepted = new AtomicInteger();
    private final Queue<Sent> sent = new ConcurrentLinkedQueue<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Future<?>> callers = new ArrayList<>();
    private volatile double allowed;

    Sender(int events) {
        this.events = events;
    }

    void start() {
        for (int i = 0; i < CALLERS; i++) {
            callers.add(threads.submit(this::call));
        }
    }

    /** Lets this share of the events be sent, so that they spread over the faults. */
    void progress(double share) {
        allowed = share * events;
    }

    /** Lets all be sent and waits until they are. */
    void finish() throws Exception {
        allowed = events;
        for (Future<?> caller : callers) {
            caller.get();
        }
    }

    List<Sent> sent() {
        return List.copyOf(sent);
    }

    static String summary(List<Sent> sent) {
        Map<String, Integer> answers = new TreeMap<>();
        sent.forEach(it -> answers.merge(it.answer().name().toLowerCase(java.util.Locale.ROOT), 1, Integer::sum));
        return sent.size() + " sent, " + answers;
    }

    private Void call() throws InterruptedException {
        try (HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(2))
                .build()) {
            while (accepted.get() < events) {
                if (accepted.get() >= allowed) {
                    Thread.sleep(20);
                    continue;
                }
                Sent one = send(http, next.incrementAndGet());
                sent.add(one);
                if (one.answer() == Answer.ACCEPTED) {
                    accepted.incrementAndGet();
                } else {
                    Thread.sleep(100);
                }
            }
        }
        return null;
    }

    private Sent send(HttpClient http, int number) throws InterruptedException {
        String key = String.valueOf(number);
        int kind = number % 100;
        String mode = kind < FAIL_ALWAYS ? "always" : kind < FAIL_ALWAYS + FAIL_ONCE ? "once" : "never";
        long from = System.currentTimeMillis();
        try {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(uri)
                            .timeout(Duration.ofSeconds(20))
                            .header("X-Amz-Invocation-Type", "Event")
                            .header("Authorization", Identity.administrator().bearer())
                            .POST(BodyPublishers.ofString("{\"key\":\"" + key + "\",\"fail\":\"" + mode + "\"}"))
                            .build(),
                    BodyHandlers.ofString());
            Answer told = answer.statusCode() == 202 ? Answer.ACCEPTED : Answer.REFUSED;
            Optional<String> id = answer.headers().firstValue("x-amzn-RequestId");
            return new Sent(key, told, id, from, System.currentTimeMillis());
        } catch (IOException e) {
            return new Sent(key, Answer.UNKNOWN, Optional.empty(), from, System.currentTimeMillis());
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
