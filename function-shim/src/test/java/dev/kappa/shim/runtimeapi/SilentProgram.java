package dev.kappa.shim.runtimeapi;

import dev.kappa.shim.core.Event;
import dev.kappa.shim.core.Settings;
import dev.kappa.shim.http.Exchange;
import dev.kappa.shim.http.Reply;
import dev.kappa.shim.http.Watchdog;
import dev.kappa.shim.log.Logs;
import java.io.IOException;
import java.util.Map;

/** A runtime's process that prints nothing and never dies. */
final class SilentProgram implements Session.Program {
    private static final Settings SETTINGS = Settings.from(Map.of(
            "KAPPA_NAMESPACE", "default",
            "KAPPA_FUNCTION", "fn",
            "KAPPA_VERSION", "1",
            "KAPPA_REVISION", "r",
            "KAPPA_POD", "pod",
            "KAPPA_POD_IP", "127.0.0.1",
            "KAPPA_RUNTIME", "provided",
            "KAPPA_RUNTIME_KIND", "process",
            "KAPPA_GATEWAY_URL", "http://localhost",
            "KAPPA_VERSION_SECRET", "t"));

    private SilentProgram() {}

    /** The session of such a process, with so many events at once. */
    static Session session(int atOnce, Watchdog watchdog) {
        return new Session(SETTINGS, new Logs(), atOnce, new SilentProgram(), watchdog);
    }

    /** What answers calls of other APIs. */
    static void knowsNothing(Exchange exchange) throws IOException {
        exchange.answer(Reply.text(404, "no such path"));
    }

    @Override
    public void kill() {}

    @Override
    public void entered(Event event) {}

    @Override
    public void whenPrinted(Runnable action) {
        action.run();
    }

    @Override
    public void left(Event event) {}

    @Override
    public void failed() {}
}
