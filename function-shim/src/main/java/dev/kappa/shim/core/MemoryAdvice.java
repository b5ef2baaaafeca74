package dev.kappa.shim.core;

/** What to do about a process that was most likely killed for the instance's memory, as the end of a message. */
public final class MemoryAdvice {
    private MemoryAdvice() {}

    /**
     * Empty unless the process was killed.
     *
     * @param status exit status, 128 + number for a signal
     */
    public static String of(Settings settings, int status) {
        return status == Restart.KILLED
                ? " (most likely for its memory, " + share(settings) + ": raise " + remedy(settings) + ")"
                : "";
    }

    /** Empty unless several processes start at once, which takes memory and time. */
    public static String ofSlowInit(Settings settings) {
        return settings.processes() > 1 ? " (" + share(settings) + ": raise " + remedy(settings) + ")" : "";
    }

    private static String share(Settings settings) {
        String memory = settings.memoryMb() + " MiB";
        return settings.processes() > 1
                ? memory + " for " + settings.processes() + " processes, one for each event at once"
                : memory;
    }

    private static String remedy(Settings settings) {
        return settings.processes() > 1 ? "spec.memory, or lower spec.concurrency.perInstance" : "spec.memory";
    }
}
