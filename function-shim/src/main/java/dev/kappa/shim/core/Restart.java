package dev.kappa.shim.core;

import dev.kappa.shim.log.Logs;

/** Ends this process, so that the supervisor starts a fresh one in the same container. */
public final class Restart {
    /** Exit status that tells the supervisor that the shim asked for it. */
    public static final int STATUS = 75;

    /** Exit status of a process that the kernel killed, as it does for memory. */
    public static final int KILLED = 137;

    /** Exit status that tells the supervisor that the function's own wrapper, which is here now, is to start this JVM. */
    private static final int WRAPPED = 79;

    /** How long an event that the gateway had sent before it heard of the end may need to get here, and is refused. */
    private static final long NOTICE_MS = 100;

    private final Logs logs;
    private final Admission admission;
    private final long patienceMs;
    private Runnable farewell = () -> {};

    /**
     * @param patienceMs how long events that still run may take
     */
    public Restart(Logs logs, Admission admission, long patienceMs) {
        this.logs = logs;
        this.admission = admission;
        this.patienceMs = patienceMs;
    }

    /** A shim without memory does not limp on: a thread that dies of it ends the process, and a fresh one says so. */
    public static void whenOutOfMemory() {
        Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> {
            if (thrown instanceof OutOfMemoryError) {
                Runtime.getRuntime().halt(KILLED);
            }
            thrown.printStackTrace();
        });
    }

    /** Ends this process before any event, so that the supervisor starts it again by the function's wrapper. */
    public static void wrapped() {
        Runtime.getRuntime().halt(WRAPPED);
    }

    /** What is to be done, once, before this process ends: others are told of it. */
    public synchronized void setFarewell(Runnable action) {
        farewell = action;
    }

    /** Does that, if nobody did yet; whoever comes second waits for the first. */
    public synchronized void sayFarewell() {
        Runnable action = farewell;
        farewell = () -> {};
        action.run();
    }

    /** Lets the other events finish, then ends the process without shutdown hooks, as Lambda kills a sandbox. */
    public void now() {
        admission.end();
        try {
            admission.awaitInFlight(0, patienceMs);
            Thread.sleep(NOTICE_MS);
            sayFarewell();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        logs.stopGathering();
        Runtime.getRuntime().halt(STATUS);
    }
}
