package dev.kappa.shim.core;

/** The lines that Lambda writes about an event. Without {@code String.format}, which takes longer than the rest of an event. */
final class ReportLines {
    private ReportLines() {}

    static String start(String requestId, String version) {
        return "START RequestId: " + requestId + " Version: " + version;
    }

    /**
     * What follows what the handler printed.
     *
     * @param initMs what its initialisation took, less than 0 if another event reported that
     */
    static String end(
            Settings settings, String requestId, long durationUs, Outcome outcome, int memoryMb, long initMs) {
        StringBuilder text = new StringBuilder(256);
        if (outcome instanceof Outcome.Failure failure && failure.isTimeout()) {
            text.append("RequestId: ").append(requestId).append(" Error: Task timed out after ");
            hundredths(text, settings.timeoutMs() * 1_000, 1_000_000).append(" seconds\n");
        }
        text.append("END RequestId: ").append(requestId).append('\n');
        text.append("REPORT RequestId: ").append(requestId).append("\tDuration: ");
        hundredths(text, durationUs, 1_000).append(" ms\tBilled Duration: ");
        text.append(Math.ceilDiv(durationUs, 1_000)).append(" ms\tMemory Size: ");
        text.append(settings.memoryMb()).append(" MB\tMax Memory Used: ");
        text.append(memoryMb).append(" MB\t");
        if (initMs >= 0) {
            text.append("Init Duration: ").append(initMs).append(".00 ms\t");
        }
        return text.toString();
    }

    /** Appends {@code value / unit} with two digits behind the point, rounded half up. */
    static StringBuilder hundredths(StringBuilder text, long value, long unit) {
        long rounded = (value * 100 + unit / 2) / unit;
        long rest = rounded % 100;
        return text.append(rounded / 100).append(rest < 10 ? ".0" : ".").append(rest);
    }
}
