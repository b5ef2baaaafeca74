package dev.kappa.gateway.dispatch;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Anatomy of the start that an event waited for; each part in milliseconds since the event came, −1 if not known.
 *
 * @param decided the operator said that it scaled up
 * @param scheduled the pod was seen on a node
 * @param started the container's first process began
 * @param initialized the handler was initialised
 * @param answered the answer came
 */
public record ColdStart(long decided, long scheduled, long started, long initialized, long answered) {
    /**
     * The known parts by name, in the order of their happening.
     *
     * @return name to milliseconds
     */
    public Map<String, Long> phases() {
        Map<String, Long> phases = new LinkedHashMap<>();
        put(phases, "decided", decided);
        put(phases, "scheduled", scheduled);
        put(phases, "started", started);
        put(phases, "initialized", initialized);
        put(phases, "answered", answered);
        return phases;
    }

    /**
     * Value of the answer header.
     *
     * @return {@code decided=…;scheduled=…;started=…;initialized=…;answered=…}
     */
    public String header() {
        return phases().entrySet().stream()
                .map(phase -> phase.getKey() + "=" + phase.getValue())
                .collect(Collectors.joining(";"));
    }

    /**
     * A moment as milliseconds since the event came.
     *
     * @param atMs epoch milliseconds, 0 if not known
     * @param arrivedAtMs when the event came
     * @return −1 if not known; 0 if the moment was before the event
     */
    static long since(long atMs, long arrivedAtMs) {
        return atMs == 0 ? -1 : Math.max(0, atMs - arrivedAtMs);
    }

    private static void put(Map<String, Long> phases, String name, long value) {
        if (value >= 0) {
            phases.put(name, value);
        }
    }
}
