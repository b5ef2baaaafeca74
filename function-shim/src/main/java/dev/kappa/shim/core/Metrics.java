package dev.kappa.shim.core;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What the shim counts, in Prometheus' text form. */
public final class Metrics {
    private final Map<String, Long> outcomes = new TreeMap<>();
    private final Map<String, Long> refused = new TreeMap<>();
    private long durationUs;
    private long initMs;
    private long inits;

    public synchronized void ended(String outcome, long us) {
        outcomes.merge(outcome, 1L, Long::sum);
        durationUs += us;
    }

    public synchronized void refused(String reason) {
        refused.merge(reason, 1L, Long::sum);
    }

    public synchronized void initialized(long ms) {
        initMs += ms;
        inits++;
    }

    public synchronized String text(int inFlight, int capacity) {
        StringBuilder text = new StringBuilder(1024);
        head(text, "kappa_shim_invocations_total", "counter", "Events by how they ended");
        outcomes.forEach((outcome, n) -> text.append("kappa_shim_invocations_total{outcome=\"")
                .append(outcome)
                .append("\"} ")
                .append(n)
                .append('\n'));
        head(text, "kappa_shim_refused_total", "counter", "Events that did not run, by reason");
        refused.forEach((reason, n) -> text.append("kappa_shim_refused_total{reason=\"")
                .append(reason)
                .append("\"} ")
                .append(n)
                .append('\n'));
        value(text, "kappa_shim_duration_seconds_total", "counter", "Time that handlers ran", durationUs / 1e6);
        value(text, "kappa_shim_inits_total", "counter", "Initialisations of the environment", (double) inits);
        value(text, "kappa_shim_init_seconds_total", "counter", "Time that they took", initMs / 1e3);
        value(text, "kappa_shim_in_flight", "gauge", "Events that run", inFlight);
        value(text, "kappa_shim_capacity", "gauge", "Events that may run at once", capacity);
        return text.toString();
    }

    private static void value(StringBuilder text, String name, String type, String help, double value) {
        head(text, name, type, help);
        text.append(name)
                .append(' ')
                .append(String.format(Locale.ROOT, "%.6f", value))
                .append('\n');
    }

    private static void head(StringBuilder text, String name, String type, String help) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }
}
