package dev.kappa.shim.extensions;

import dev.kappa.shim.core.Companions;
import dev.kappa.shim.core.Event;
import dev.kappa.shim.core.InitError;
import dev.kappa.shim.core.Settings;
import dev.kappa.shim.http.Exchange;
import dev.kappa.shim.log.Logs;
import dev.kappa.shim.telemetry.Telemetry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The extensions of this environment: who there is, what each does, and whether all are ready for the next event. */
public final class Extensions implements Companions {
    /** Lambda's limit. */
    static final int MOST = 10;

    /** What Lambda gives external extensions, and handlers with only internal ones, to end. */
    private static final long SHUTDOWN_MS = 2_000;

    /** How long those who subscribed may take for the last records, before they are told to end. */
    private static final long FLUSH_MS = 200;

    private static final String AGAIN = "extensions-again";

    private final Settings settings;
    private final Logs logs;
    private final Telemetry telemetry;
    private final PlatformEvents platform;
    private final ExtensionsApi api;
    private final Map<String, Extension> all = new LinkedHashMap<>();
    private final ExtensionProcesses processes = new ExtensionProcesses();
    private final boolean secondAttempt;
    private Consumer<InitError> listener = error -> {};
    private long initEnd = Long.MAX_VALUE;
    private @Nullable InitError failure;
    private boolean late;
    private boolean closed;
    private boolean ending;
    private volatile boolean any;

    public Extensions(Settings settings, Logs logs, Telemetry telemetry, PlatformEvents platform) throws IOException {
        this.settings = settings;
        this.logs = logs;
        this.telemetry = telemetry;
        this.platform = platform;
        this.api = new ExtensionsApi(this, settings, telemetry);
        this.secondAttempt = Files.deleteIfExists(settings.stateDir().resolve(AGAIN));
    }

    /**
     * The initialisation begins.
     *
     * @param whenFailed hears, once, of an extension that failed
     */
    void initializing(Consumer<InitError> whenFailed) {
        long limitMs = secondAttempt ? settings.timeoutMs() : settings.initLimitMs();
        synchronized (this) {
            listener = whenFailed;
            initEnd = System.nanoTime() + limitMs * 1_000_000;
        }
    }

    @Override
    public @Nullable InitError begin(String address) throws InterruptedException {
        List<Path> programs = settings.isImage() ? List.of() : ExtensionProcesses.programs(settings.layersRoot());
        if (programs.isEmpty()) {
            return null;
        }
        becomesActive();
        platform.initStart(secondAttempt ? "invoke" : "init");
        if (programs.size() > MOST) {
            fail(new InitError(
                    "Extension.LaunchError",
                    "Error: /opt/extensions has " + programs.size() + " extensions, and Lambda runs at most " + MOST));
        }
        for (Path program : programs) {
            if (failed() == null) {
                launch(program, address);
            }
        }
        return await(extension -> extension.state() == Extension.State.STARTED, "register");
    }

    private void launch(Path program, String address) {
        Extension extension = new Extension(String.valueOf(program.getFileName()), true);
        synchronized (this) {
            all.put(extension.name(), extension);
        }
        try {
            processes.add(
                    extension.name(),
                    ExtensionProcess.start(
                            program, address, settings, logs, telemetry, status -> exited(extension, status)));
        } catch (IOException e) {
            synchronized (this) {
                extension.failed(Extension.State.LAUNCH_ERROR, "UnknownError");
            }
            fail(new InitError(
                    "Extension.LaunchError",
                    "Error: the extension " + program + " cannot be started: " + e.getMessage()));
        }
    }

    private void becomesActive() {
        any = true;
        telemetry.begin();
    }

    private void exited(Extension extension, int status) {
        String type;
        synchronized (this) {
            boolean expected = ending;
            type = switch (extension.state()) {
                case INIT_ERROR -> "Extension.InitError";
                case EXIT_ERROR -> "Extension.ExitError";
                default -> "Extension.Crash";
            };
            if (type.equals("Extension.Crash")) {
                extension.failed(Extension.State.EXITED, null);
            }
            notifyAll();
            if (expected) {
                return;
            }
        }
        fail(new InitError(
                type, "Error: the extension " + extension.name() + " ended: " + ExtensionProcess.exitText(status)));
    }

    void fail(InitError error) {
        Consumer<InitError> told;
        synchronized (this) {
            if (failure != null || ending) {
                return;
            }
            failure = error;
            told = listener;
            notifyAll();
        }
        logs.line("kappa: " + error.type() + " " + error.message());
        told.accept(error);
    }

    private synchronized @Nullable InitError failed() {
        return failure;
    }

    /** Waits until that is true of no extension. */
    private synchronized @Nullable InitError await(Predicate<Extension> open, String what) throws InterruptedException {
        while (failure == null && all.values().stream().anyMatch(open)) {
            long left = (initEnd - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                List<String> missing =
                        all.values().stream().filter(open).map(Extension::name).toList();
                late = true;
                failure = InitError.timedOut(
                        settings, "; extensions that did not " + what + ": " + String.join(", ", missing));
                break;
            }
            wait(left);
        }
        return failure;
    }

    /** The handlers are initialised: nobody registers any more. */
    synchronized void close() {
        closed = true;
    }

    /** Waits until all are ready; null if they are, else why the initialisation failed. */
    @Nullable
    InitError awaitReady() throws InterruptedException {
        return await(extension -> extension.state() != Extension.State.READY, "ask for their first event");
    }

    /** Tells what became of each of them. */
    synchronized void report() {
        for (Extension extension : all.values()) {
            telemetry.platform("platform.extension", extension.record());
            logs.line(extension.line());
        }
    }

    synchronized boolean isLate() {
        return late;
    }

    @Override
    public boolean isSecondAttempt() {
        return secondAttempt && any;
    }

    @Override
    public void tryAgain() {
        try {
            Files.deleteIfExists(settings.stateDir().resolve(AGAIN));
            Files.createFile(settings.stateDir().resolve(AGAIN));
        } catch (IOException e) {
            logs.line("kappa: the next attempt to initialise the extensions is a first one again: " + e);
        }
    }

    @Override
    public void handle(Exchange exchange) throws IOException {
        api.handle(exchange);
    }

    @Override
    public boolean any() {
        return any;
    }

    @Override
    public Set<Long> processes() {
        return processes.pids();
    }

    /** An extension registers, one of a process of its own if it has that name. */
    synchronized Extension register(String name, List<String> events) throws Refusal {
        Extension known = all.get(name);
        boolean external = known != null && known.isExternal();
        for (String event : events) {
            ExtensionEvents.check(event, external, settings.capacity());
        }
        if (known != null) {
            if (!external || known.state() != Extension.State.STARTED) {
                throw Refusal.ofState(known, Extension.State.REGISTERED);
            }
        } else if (closed || ending) {
            throw new Refusal("Extension.RegistrationClosed", "Extension registration closed already");
        } else if (all.size() >= MOST) {
            throw new Refusal("Extension.TooManyExtensions", "Extension limit (" + MOST + ") reached");
        }
        Extension extension = known == null ? new Extension(name, false) : known;
        extension.registered(events);
        all.put(name, extension);
        becomesActive();
        notifyAll();
        return extension;
    }

    /** The extension of that identifier. */
    synchronized Extension find(String id) throws Refusal {
        for (Extension extension : all.values()) {
            if (extension.id().equals(id)) {
                return extension;
            }
        }
        throw new Refusal("Extension.UnknownExtensionIdentifier", "Unknown extension " + id);
    }

    /** It asks for its next event. */
    synchronized void next(Extension extension, Exchange exchange) throws Refusal, IOException {
        if (!extension.mayAsk()) {
            throw Refusal.ofState(extension, Extension.State.READY);
        }
        exchange.whenBroken(() -> gone(extension, exchange));
        extension.asks(exchange);
        notifyAll();
    }

    private synchronized void gone(Extension extension, Exchange exchange) {
        extension.gone(exchange);
    }

    /** It reports that it cannot go on; the answer goes to {@link #fail} once it knows that it was heard. */
    synchronized InitError reported(Extension extension, Extension.State how, String errorType) throws Refusal {
        boolean registered = extension.state() == Extension.State.REGISTERED;
        boolean running = extension.state() == Extension.State.READY || extension.state() == Extension.State.RUNNING;
        boolean initError = how == Extension.State.INIT_ERROR;
        if (!registered && extension.state() != how && (initError || !running)) {
            throw Refusal.ofState(extension, how);
        }
        extension.failed(how, errorType);
        return new InitError(
                initError ? "Extension.InitError" : "Extension.ExitError",
                "Error: the extension " + extension.name() + " reported " + errorType);
    }

    /** Gives an event to those who want it. */
    synchronized void invoke(Event event) {
        byte[] told = null;
        for (Extension extension : all.values()) {
            if (extension.wants(Extension.INVOKE)) {
                told = told == null ? ExtensionEvents.invocation(event) : told;
                extension.give(told);
            }
        }
    }

    /** Waits until all are done with the last event, but not longer than that may take; answers those who are not. */
    synchronized List<String> awaitIdle(long untilMs) throws InterruptedException {
        List<String> busy = busy();
        for (long left = untilMs - System.currentTimeMillis(); !busy.isEmpty() && failure == null && left > 0; ) {
            wait(left);
            busy = busy();
            left = untilMs - System.currentTimeMillis();
        }
        return busy;
    }

    private List<String> busy() {
        return all.values().stream()
                .filter(extension -> extension.state() == Extension.State.RUNNING)
                .map(Extension::name)
                .toList();
    }

    /** How long handlers have to end, of the time that all have together. */
    long handlersShareMs() {
        return processes.isEmpty() ? 500 : 300;
    }

    /**
     * Lets the external ones end, and ends those that do not.
     *
     * @param reason spindown, timeout or failure
     */
    void shutDown(String reason) throws InterruptedException {
        long endMs = System.currentTimeMillis() + SHUTDOWN_MS - handlersShareMs();
        Set<String> awaited = new HashSet<>();
        telemetry.flush(FLUSH_MS);
        synchronized (this) {
            if (ending) {
                return;
            }
            ending = true;
            byte[] event = ExtensionEvents.shutdown(endMs, reason);
            for (Extension extension : all.values()) {
                if (extension.isExternal() && extension.wants(Extension.SHUTDOWN)) {
                    extension.give(event);
                    awaited.add(extension.name());
                } else {
                    extension.end();
                }
            }
        }
        processes.endBy(endMs, awaited);
    }
}
