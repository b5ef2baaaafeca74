package dev.kappa.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;

/** Callers that each send their next event once the last one is answered, until they are closed. */
final class ClosedLoop implements AutoCloseable {
    private static final long PAUSE_MS = 50;
    /** What the platform says when a process ended, or was not there. */
    private static final Pattern PLATFORM_ERROR = Pattern.compile("\"(Runtime|Sandbox)[.]");

    private static final byte[] EVENT = "{}".getBytes(StandardCharsets.US_ASCII);

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final String host;
    private final int port;
    private final String path;
    private volatile Tally tally = new Tally();
    private volatile boolean going = true;

    ClosedLoop(String host, int port, String path, int connections) {
        this.host = host;
        this.port = port;
        this.path = path;
        for (int i = 0; i < connections; i++) {
            threads.execute(this::call);
        }
    }

    /** What is answered from now on counts for another phase. */
    Tally next() {
        tally = new Tally();
        return tally;
    }

    /** Waits until the phase has so many events. */
    void await(Tally phase, int events, Duration limit) throws InterruptedException {
        long until = System.nanoTime() + limit.toNanos();
        while (phase.events() < events) {
            if (System.nanoTime() > until) {
                throw new IllegalStateException(
                        "only " + phase.text() + " of " + events + " within " + limit.toSeconds() + " s");
            }
            Thread.sleep(5);
        }
    }

    private void call() {
        while (going) {
            try (Connection connection = new Connection(host, port)) {
                byte[] request = connection.request("POST", path, Map.of(), EVENT);
                while (going) {
                    send(connection, request);
                }
            } catch (IOException | RuntimeException e) {
                tally.broke(String.valueOf(e));
                pause();
            }
        }
    }

    private void send(Connection connection, byte[] request) throws IOException {
        long start = System.nanoTime();
        Connection.Answer answer = connection.send(request);
        long took = System.nanoTime() - start;
        Tally now = tally;
        if (answer.status() != 200) {
            now.broke("status " + answer.status() + ": " + answer.body());
            return;
        }
        boolean failed = answer.headers().containsKey("x-amz-function-error");
        if (failed && PLATFORM_ERROR.matcher(answer.body()).find()) {
            now.broke(answer.body());
        } else {
            now.answered(took, answer.headers().getOrDefault("x-amz-executed-version", ""), failed);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        going = false;
        threads.close();
    }
}
