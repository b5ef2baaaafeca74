package dev.kappa.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How the events of one phase ended, in the order of their answers. */
final class Tally {
    private final Samples latencies = new Samples();
    private final List<String> versions = new ArrayList<>();
    private final List<String> errors = new ArrayList<>();
    private int failures;

    /**
     * An event was answered.
     *
     * @param nanos how long that took
     * @param version that ran it, empty if none is known
     * @param failed whether its handler failed
     */
    synchronized void answered(long nanos, String version, boolean failed) {
        latencies.add(nanos);
        versions.add(version);
        failures += failed ? 1 : 0;
    }

    /** An event ended in a way that no handler makes. */
    synchronized void broke(String how) {
        errors.add(how);
        versions.add("");
    }

    synchronized void addTo(Samples all) {
        latencies.addTo(all);
    }

    synchronized int events() {
        return versions.size();
    }

    /** Events whose handler failed. */
    synchronized int failures() {
        return failures;
    }

    /** What no handler makes: another status than 200, a broken connection. */
    synchronized List<String> errors() {
        return List.copyOf(errors);
    }

    synchronized double percentile(int percent) {
        return latencies.percentile(percent);
    }

    /** Percent of all events that a version ran. */
    synchronized double share(String version) {
        return share(versions, version);
    }

    /** The same from its first event to its last, so that what came before and after does not thin it. */
    synchronized double shareWhileExposed(String version) {
        int first = versions.indexOf(version);
        return first < 0 ? 0 : share(versions.subList(first, versions.lastIndexOf(version) + 1), version);
    }

    private static double share(List<String> versions, String version) {
        return versions.isEmpty()
                ? 0
                : 100.0 * versions.stream().filter(version::equals).count() / versions.size();
    }

    /** Events, and errors that the handler did not make. */
    synchronized String text() {
        return String.format(
                Locale.ROOT,
                "%d events, %d errors%s",
                versions.size(),
                errors.size(),
                errors.isEmpty() ? "" : " such as " + errors.getFirst());
    }
}
