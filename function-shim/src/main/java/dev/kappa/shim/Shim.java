package dev.kappa.shim;

import dev.kappa.shim.core.Admission;
import dev.kappa.shim.core.ExecutionEnvironment;
import dev.kappa.shim.core.FailedEnvironment;
import dev.kappa.shim.core.InFlightJournal;
import dev.kappa.shim.core.InitError;
import dev.kappa.shim.core.Invocations;
import dev.kappa.shim.core.Json;
import dev.kappa.shim.core.Metrics;
import dev.kappa.shim.core.ProcessStats;
import dev.kappa.shim.core.Restart;
import dev.kappa.shim.core.Settings;
import dev.kappa.shim.core.ShimServer;
import dev.kappa.shim.core.Tokens;
import dev.kappa.shim.extensions.ExtendedEnvironment;
import dev.kappa.shim.extensions.Extensions;
import dev.kappa.shim.extensions.PlatformEvents;
import dev.kappa.shim.http.Exchange;
import dev.kappa.shim.http.Reply;
import dev.kappa.shim.http.Watchdog;
import dev.kappa.shim.image.ImageEnvironment;
import dev.kappa.shim.java.JavaEnvironment;
import dev.kappa.shim.log.Logs;
import dev.kappa.shim.process.ProcessEnvironment;
import dev.kappa.shim.telemetry.Telemetry;
import dev.kappa.wire.Fate;
import dev.kappa.wire.ShimState;
import dev.kappa.wire.Wire;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Wires the parts: listens, and meanwhile brings the code, initialises the handler and says hello. */
final class Shim {
    private static final long NOTICE_MS = 1_000;

    private final Settings settings;
    private final Tokens tokens;
    private final Logs logs;
    private final Admission admission;
    private final InFlightJournal journal;
    private final Restart restart;
    private final Metrics metrics = new Metrics();
    private final Watchdog watchdog = new Watchdog();
    private final AtomicReference<@Nullable ExecutionEnvironment> environment = new AtomicReference<>();
    private final Invocations invocations;
    private final CompletableFuture<Integer> port = new CompletableFuture<>();
    private final GatewayCalls gateway;
    private final PlatformEvents platform;
    private final Extensions extensions;

    Shim(Settings settings, Logs logs) throws IOException {
        this.settings = settings;
        this.tokens = new Tokens(settings.secret(), settings.pod());
        this.logs = logs;
        admission = new Admission(settings.capacity());
        logs.gather(settings.stateDir());
        journal = new InFlightJournal(settings.stateDir(), Admission.mostUnanswered(settings.capacity()));
        restart = new Restart(logs, admission, settings.timeoutMs() + 1_000);
        invocations = new Invocations(settings, logs, journal, admission, metrics, watchdog, environment::get);
        gateway = new GatewayCalls(settings, tokens, processStartedAtMs(settings), logs, admission::draining);
        Telemetry telemetry = new Telemetry(logs);
        platform = new PlatformEvents(settings, telemetry);
        extensions = new Extensions(settings, logs, telemetry, platform);
    }

    /** Returns as soon as the port listens; what takes longest is begun first and goes on in the background. */
    void start() throws IOException {
        for (String requestId : journal.unseen()) {
            logs.line(Invocations.startLine(requestId, settings.version()));
        }
        Thread.ofPlatform().name("initialize").start(this::initialize);
        if (settings.isJava()) {
            Warmup.ofNumbers();
        }
        ShimServer server = new ShimServer(new InetSocketAddress(settings.port()), settings.capacity(), watchdog);
        server.guarded("POST", Wire.INVOKE, tokens::provesGateway, invocations::handle);
        server.guarded("GET", Wire.STATE, tokens::provesGateway, this::state);
        server.guarded("GET", Wire.FATE, tokens::provesGateway, this::fate);
        server.guarded("GET", Wire.DRAIN, tokens::provesKubelet, this::drained);
        server.open("GET", Wire.ROLE, new RoleCredentials(settings, tokens)::handle);
        server.open("GET", Wire.METRICS, this::metrics);
        server.open("GET", "/healthz", x -> x.answer(Reply.text(phase().equals("ready") ? 200 : 503, phase())));
        if (settings.isJava()) { // whose handlers need no Runtime API
            server.local(extensions::handle);
        }
        server.start();
        port.complete(server.port());
    }

    /** SIGTERM: refuses new events, lets the running ones finish, and ends the process. */
    void drainAndExit() {
        admission.drain();
        try {
            // Until the gateway hears of it, events still come on kept connections: refuse them rather than reset.
            Thread.sleep(NOTICE_MS);
            admission.awaitInFlight(0, settings.timeoutMs() + 1_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        ExecutionEnvironment now = environment.get();
        if (now != null) {
            now.stop();
        }
        logs.stopGathering();
        System.exit(0);
    }

    private void initialize() {
        try {
            ExecutionEnvironment made = made();
            environment.set(made);
            Warmup.ofEvents(port.join(), tokens.own());
            made.initialize();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private ExecutionEnvironment made() throws InterruptedException {
        String sha256 = settings.codeSha256();
        try {
            if (sha256 != null) {
                new CodePackage(settings, tokens).unpack(sha256);
            }
        } catch (IOException e) {
            String message = "The function's code cannot be used: " + e.getMessage();
            logs.line("kappa: " + message);
            return new FailedEnvironment(new InitError("Runtime.CodeUnavailable", message), restart, this::initialized);
        }
        Path wrapper = settings.wrapper();
        if (wrapper != null) {
            if (Files.isExecutable(wrapper)) {
                Restart.wrapped();
            }
            return new FailedEnvironment(
                    new InitError(
                            "Runtime.InvalidEntrypoint",
                            "AWS_LAMBDA_EXEC_WRAPPER: " + wrapper
                                    + " is no executable file; put it into the code or a layer"),
                    restart,
                    this::initialized);
        }
        if (settings.isImage()) {
            return extended(
                    null,
                    () -> farewell("an extension of the function's process failed"),
                    heard -> new ImageEnvironment(settings, logs, extensions, watchdog, heard, this::farewell));
        }
        ExtendedEnvironment made = settings.isJava()
                ? extended(
                        () -> "127.0.0.1:" + port.join(),
                        restart::now,
                        heard -> new JavaEnvironment(settings, logs, journal, admission, restart, watchdog, heard))
                : extended(
                        null,
                        restart::now,
                        heard -> new ProcessEnvironment(settings, logs, extensions, restart, watchdog, heard));
        restart.setFarewell(made::shutDown);
        return made;
    }

    private ExtendedEnvironment extended(
            @Nullable Supplier<String> api,
            Runnable replacement,
            Function<ExecutionEnvironment.Listener, ExecutionEnvironment> handlers) {
        return new ExtendedEnvironment(
                settings, logs, extensions, platform, api, replacement, this::initialized, handlers);
    }

    private void initialized(long startedMs, long endedMs, @Nullable InitError error) {
        metrics.initialized(endedMs - startedMs);
        invocations.initialized(endedMs - startedMs);
        Thread.ofPlatform().daemon().name("hello").start(() -> {
            try {
                gateway.hello(port.join(), startedMs, endedMs, error);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** Nothing here can start another environment. */
    private void farewell(String reason) {
        admission.drain();
        logs.line("kappa: asking for another pod in the place of this one: " + reason);
        Thread.ofPlatform().daemon().name("farewell").start(() -> {
            try {
                gateway.farewell(reason);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private String phase() {
        ExecutionEnvironment now = environment.get();
        if (admission.draining()) {
            return "draining";
        }
        return now != null && (now.ready() || admission.inFlight() > 0) ? "ready" : "initializing";
    }

    private void state(Exchange exchange) throws IOException {
        ShimState state = new ShimState(settings.revision(), phase(), settings.capacity(), admission.inFlight());
        exchange.answer(Reply.json(
                200,
                new Json()
                        .put("revision", state.revision())
                        .put("phase", state.phase())
                        .put("capacity", state.capacity())
                        .put("inFlight", state.inFlight())
                        .bytes()));
    }

    private void fate(Exchange exchange) throws IOException {
        String query = exchange.query();
        if (query == null || !query.startsWith("id=") || !journal.leftBehind(query.substring(3))) {
            exchange.answer(Reply.text(404, "no predecessor of this process ran that event"));
            return;
        }
        // without a word from the supervisor the whole container died, most likely for its memory
        Integer lastExit = settings.lastExit();
        Fate fate = new Fate(lastExit == null ? Restart.KILLED : lastExit);
        exchange.answer(
                Reply.json(200, new Json().put("exitStatus", fate.exitStatus()).bytes()));
    }

    private void drained(Exchange exchange) throws IOException {
        admission.drain();
        try {
            admission.awaitInFlight(0, settings.timeoutMs() + 1_000);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        exchange.answer(Reply.text(200, "no event runs"));
    }

    private void metrics(Exchange exchange) throws IOException {
        exchange.answer(Reply.text(
                200, metrics.text(admission.inFlight(), settings.capacity()).strip()));
    }

    private static long processStartedAtMs(Settings settings) {
        ProcessHandle self = ProcessHandle.current();
        long parent = self.parent().map(ProcessHandle::pid).orElse(0L);
        return ProcessStats.startedAtMs(parent == 1 && settings.lastExit() == null ? 1 : self.pid());
    }
}
