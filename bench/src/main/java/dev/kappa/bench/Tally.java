package dev.kappa.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How the events of one phase ended, in the order of their answers. */
final class Tally {
    private static final long UNKNOWN = -1;

    private record Entry(String version, long nanos) {}

    private final List<Entry> entries = new ArrayList<>();
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
        entries.add(new Entry(version, nanos));
        failures += failed ? 1 : 0;
    }

    /** An event ended in a way that no handler makes. */
    synchronized void broke(String how) {
        errors.add(how);
        entries.add(new Entry("", UNKNOWN));
    }

    synchronized int events() {
        return entries.size();
    }

    /** Events whose handler failed. */
    synchronized int failures() {
        return failures;
    }

    /** What no handler makes: another status than 200, a broken connection. */
    synchronized List<String> errors() {
        return List.copyOf(errors);
    }

    /** Durations of all events that were answered. */
    synchronized Samples latencies() {
        Samples samples = new Samples();
        entries.stream()
                .mapToLong(Entry::nanos)
                .filter(nanos -> nanos != UNKNOWN)
                .forEach(samples::add);
        return samples;
    }

    /** Percent of all events that a version ran. */
    synchronized double share(String version) {
        return entries.isEmpty()
                ? 0
                : 100.0
                        * entries.stream()
                                .filter(it -> it.version().equals(version))
                                .count()
                        / entries.size();
    }

    /** The part from a version's first event to its last, so that what came before and after does not thin it. */
    synchronized Tally whileExposed(String version) {
        Tally part = new Tally();
        List<String> versions = entries.stream().map(Entry::version).toList();
        int first = versions.indexOf(version);
        if (first >= 0) {
            part.entries.addAll(entries.subList(first, versions.lastIndexOf(version) + 1));
        }
        return part;
    }

    /** Events, and errors that the handler did not make. */
    synchronized String text() {
        return String.format(
                Locale.ROOT,
                "%d events, %d errors%s",
                entries.size(),
                errors.size(),
                errors.isEmpty() ? "" : " such as " + errors.getFirst());
    }
}
