package dev.kappa.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Callers that together send so many events a second, until they are closed. An event that could not be sent at its time, since
 * the one before it was not answered, is late: its latency counts from that time on.
 */
final class PacedLoad implements AutoCloseable {
    private static final long PAUSE_MS = 50;
    /** What the platform says when a process ended, or was not there. */
    private static final Pattern PLATFORM_ERROR = Pattern.compile("\"(Runtime|Sandbox)[.]");

    private static final byte[] EVENT = "{}".getBytes(StandardCharsets.US_ASCII);

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final String host;
    private final int port;
    private final String path;
    private final Supplier<Map<String, String>> headers;
    private final long intervalNs;
    private volatile Tally tally = new Tally();
    private volatile boolean going = true;

    /**
     * @param headers of each connection's requests
     * @param connections callers, each with one connection
     * @param perSecond events of all callers
     */
    PacedLoad(
            String host, int port, String path, Supplier<Map<String, String>> headers, int connections, int perSecond) {
        this.host = host;
        this.headers = headers;
        this.port = port;
        this.path = path;
        this.intervalNs = 1_000_000_000L * connections / perSecond;
        for (int i = 0; i < connections; i++) {
            long first = System.nanoTime() + intervalNs * i / connections;
            threads.execute(() -> call(first));
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

    private void call(long first) {
        long due = first;
        while (going) {
            try (Connection connection = new Connection(host, port)) {
                byte[] request = connection.request("POST", path, headers.get(), EVENT);
                while (going) {
                    LockSupport.parkNanos(due - System.nanoTime());
                    send(connection, request, due);
                    due += intervalNs;
                }
            } catch (IOException | RuntimeException e) {
                tally.broke(String.valueOf(e));
                pause();
                due = System.nanoTime();
            }
        }
    }

    private void send(Connection connection, byte[] request, long due) throws IOException {
        Connection.Answer answer = connection.send(request);
        long took = System.nanoTime() - due;
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
