package dev.kappa.shim.image;

import dev.kappa.shim.core.Companions;
import dev.kappa.shim.core.Event;
import dev.kappa.shim.core.ExecutionEnvironment;
import dev.kappa.shim.core.InitError;
import dev.kappa.shim.core.MemoryAdvice;
import dev.kappa.shim.core.Outcome;
import dev.kappa.shim.core.Room;
import dev.kappa.shim.core.Settings;
import dev.kappa.shim.http.Watchdog;
import dev.kappa.shim.log.Logs;
import dev.kappa.shim.runtimeapi.RuntimeApi;
import dev.kappa.shim.runtimeapi.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs handlers of a user's own image: its container lies next to the shim's, brings its runtime client, and is started by
 * Kubernetes. It ends once; then the pod is replaced, since Kubernetes restarts a container ever later.
 */
public final class ImageEnvironment implements ExecutionEnvironment, Session.Program {
    private static final long LOOK_OFTEN_MS = 10;
    private static final long LOOK_SELDOM_MS = 200;
    private static final long LEAVE_MS = 2_000;

    private final Settings settings;
    private final Companions companions;
    private final Watchdog watchdog;
    private final Listener listener;
    private final Consumer<String> farewell;
    private final Session session;
    private final CompletableFuture<SiblingContainer> sibling = new CompletableFuture<>();
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile boolean used;

    /**
     * @param companions those of the handler's own process; others have no place in this container
     * @param farewell called once, with the reason why the pod is to be replaced
     */
    public ImageEnvironment(
            Settings settings,
            Logs logs,
            Companions companions,
            Watchdog watchdog,
            Listener listener,
            Consumer<String> farewell) {
        this.settings = settings;
        this.companions = companions;
        this.watchdog = watchdog;
        this.listener = listener;
        this.farewell = farewell;
        this.session = new Session(settings, logs, 1, this, watchdog);
    }

    @Override
    public void initialize() throws InterruptedException {
        long listened = System.currentTimeMillis();
        try {
            RuntimeApi api = new RuntimeApi(
                    session, settings.runtimeApiPort(), 1, Room.ofSmallHeap(), watchdog, companions::handle);
            announce(api.port());
        } catch (IOException e) {
            session.initFailed(new InitError("Runtime.Unknown", "The Runtime API cannot listen: " + e.getMessage()));
        }
        Thread.ofPlatform().daemon().name("sibling").start(this::watch);
        // Until its image is there the other container does not start, which takes as long as it takes.
        CompletableFuture.anyOf(sibling, session.initialized()).join();
        SiblingContainer seen = sibling.getNow(null);
        InitError error = session.awaitInitialized(settings.imageInitLimitMs(), late());
        if (seen != null) {
            seen.settle();
        }
        listener.initialized(seen == null ? listened : seen.startedAtMs(), System.currentTimeMillis(), error);
    }

    private InitError late() {
        return new InitError(
                Outcome.TIMED_OUT,
                "Error: Init timed out after " + settings.imageInitLimitMs() / 1000 + " seconds"
                        + MemoryAdvice.ofSlowInit(settings));
    }

    /** The pod's postStart hook waits for this file, and Kubernetes with the other container for the hook. */
    private void announce(int port) throws IOException {
        Files.createDirectories(settings.stateDir());
        Path file = settings.stateDir().resolve("runtime-api");
        Files.deleteIfExists(file);
        Files.writeString(file, "127.0.0.1:" + port + "\n");
    }

    private void watch() {
        try {
            SiblingContainer seen = SiblingContainer.find().orElse(null);
            for (; seen == null; seen = SiblingContainer.find().orElse(null)) {
                Thread.sleep(LOOK_OFTEN_MS);
            }
            sibling.complete(seen);
            while (seen.isAlive()) {
                Thread.sleep(session.available() ? LOOK_SELDOM_MS : LOOK_OFTEN_MS);
            }
            seen.kill(); // what it started is of no use without it
            if (used && !session.hasFailed()) {
                replace(); // first, so that an event which has not run yet is refused for good
            }
            session.exited(0);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public @Nullable Seat reserve() {
        SiblingContainer seen = sibling.getNow(null);
        if (seen != null && !seen.isAlive() && !session.hasFailed()) {
            // It ended before its first event; without one that waits it would only be replaced over and over.
            replace();
            return null;
        }
        return session.reserve() ? this::run : null;
    }

    private void run(Event event, Consumer<Outcome> ended) {
        used = true;
        session.run(event, outcome -> {
            boolean late = outcome instanceof Outcome.Failure failure && failure.isTimeout();
            ended.accept(late ? ((Outcome.Failure) outcome).then(this::replace) : outcome);
        });
    }

    @Override
    public void failed() {
        replace();
    }

    private void replace() {
        if (over.compareAndSet(false, true)) {
            farewell.accept(
                    "the process of the function's image ended, failed to start, or was stopped at its timeout");
        }
    }

    @Override
    public boolean ready() {
        return session.available();
    }

    @Override
    public boolean ending() {
        return over.get() || !session.isOpen();
    }

    @Override
    public int peakMemoryMb() {
        SiblingContainer seen = sibling.getNow(null);
        return seen == null ? 0 : seen.peakMemoryMb();
    }

    @Override
    public void kill() {
        SiblingContainer seen = sibling.getNow(null);
        if (seen == null) {
            return;
        }
        try {
            seen.kill();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void entered(Event event) {
        // Its output goes to its container's log and not through here.
    }

    @Override
    public void whenPrinted(Runnable action) {
        action.run();
    }

    @Override
    public void left(Event event) {
        // As above.
    }

    /** The kubelet ends the other container, once {@code Wire.DRAIN} is answered; the shim stays until then. */
    @Override
    public void stop() {
        SiblingContainer seen = sibling.getNow(null);
        try {
            long end = System.currentTimeMillis() + LEAVE_MS;
            while (seen != null && seen.isAlive() && System.currentTimeMillis() < end) {
                Thread.sleep(LOOK_OFTEN_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        kill();
    }
}
