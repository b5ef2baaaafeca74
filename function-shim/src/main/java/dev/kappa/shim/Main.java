package dev.kappa.shim;

import dev.kappa.shim.core.Restart;
import dev.kappa.shim.core.Settings;
import dev.kappa.shim.log.Logs;
import java.io.IOException;

/** Starts the shim of a pod. */
public final class Main {
    /** A mistake in the pod's environment; the supervisor does not try again. */
    private static final int BAD_CONFIGURATION = 78;

    private Main() {}

    /**
     * Runs until SIGTERM.
     *
     * @param args none
     */
    public static void main(String[] args) {
        Logs logs = new Logs();
        try {
            Restart.whenOutOfMemory();
            Settings settings = Settings.from(System.getenv());
            logs.capture();
            Shim shim = new Shim(settings, logs);
            shim.start();
            Sigterm.then(shim::drainAndExit);
        } catch (IllegalArgumentException e) {
            logs.line("kappa: cannot start: " + e.getMessage());
            System.exit(BAD_CONFIGURATION);
        } catch (IOException e) {
            logs.line("kappa: cannot listen: " + e);
            System.exit(1);
        }
    }
}
