package dev.kappa.wire;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an owner gateway tells every operator replica: at once when unmet demand arises, an instance says hello or is
 * lost, and once a second as a heartbeat. Only the leader acts; the others keep it to be warm.
 *
 * @param gateway name of the gateway's pod
 * @param sentAtMs epoch milliseconds
 * @param full whether {@code versions} lists every version that this gateway owns and that has events or instances
 * @param versions demand, one entry a version; a partial report lists just what changed
 * @param hellos instances that became ready (or failed to) since the last report
 * @param lost instances that died or do not answer; the operator deletes their pods
 * @param queues asynchronous events of the functions that this gateway owns, in full reports only
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record DemandReport(
        String gateway,
        long sentAtMs,
        boolean full,
        List<VersionDemand> versions,
        List<Hello> hellos,
        List<LostInstance> lost,
        List<AsyncQueue> queues) {
    /** Lists that are absent in the JSON are empty. */
    public DemandReport {
        versions = versions == null ? List.of() : versions;
        hellos = hellos == null ? List.of() : hellos;
        lost = lost == null ? List.of() : lost;
        queues = queues == null ? List.of() : queues;
    }

    /**
     * A report that tells of no queues.
     *
     * @param gateway name of the gateway's pod
     * @param sentAtMs epoch milliseconds
     * @param full whether {@code versions} lists every version that has events or instances
     * @param versions demand, one entry a version
     * @param hellos instances that became ready (or failed to) since the last report
     * @param lost instances that died or do not answer
     */
    public DemandReport(
            String gateway,
            long sentAtMs,
            boolean full,
            List<VersionDemand> versions,
            List<Hello> hellos,
            List<LostInstance> lost) {
        this(gateway, sentAtMs, full, versions, hellos, lost, List.of());
    }

    /**
     * The queue of asynchronous events of one function.
     *
     * @param namespace namespace of the function
     * @param function name of the function
     * @param backlog events that were accepted and have not ended
     * @param deadLetters events that were given up and are kept
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record AsyncQueue(String namespace, String function, long backlog, long deadLetters) {}

    /**
     * Demand of one version.
     *
     * @param namespace namespace of the function
     * @param function name of the function
     * @param version {@code $LATEST} or a number
     * @param revision revision that new events run on
     * @param queued events that wait for an instance; here and below a large event counts as many as it takes the place of
     * @param inFlight events that instances run
     * @param concurrencyMs integral of (queued + inFlight) over time since the gateway took the version over, in
     *     event-milliseconds; two reports give the exact average between them
     * @param completed events answered since the take-over
     * @param durationUsSum sum of their handler durations, microseconds
     * @param outcomes how its events ended since the take-over
     * @param lastEventAtMs when the last event came or ended, epoch milliseconds, 0 for never
     * @param instances instances of the current revision
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record VersionDemand(
            String namespace,
            String function,
            String version,
            String revision,
            int queued,
            int inFlight,
            long concurrencyMs,
            long completed,
            long durationUsSum,
            Outcomes outcomes,
            long lastEventAtMs,
            List<Instance> instances) {
        /** What is absent in the JSON is empty. */
        public VersionDemand {
            revision = revision == null ? "" : revision;
            outcomes = outcomes == null ? Outcomes.NONE : outcomes;
            instances = instances == null ? List.of() : instances;
        }
    }

    /**
     * How events ended.
     *
     * @param events that were answered, in whatever way, but for those that were refused with 429
     * @param errors those of them that ended with an error of the function or of the platform
     * @param throttled events refused with 429
     * @param durations events by the number of their {@link DurationBuckets duration's bucket}; buckets without any
     *     are absent
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Outcomes(long events, long errors, long throttled, Map<Integer, Long> durations) {
        /** Before the first event. */
        public static final Outcomes NONE = new Outcomes(0, 0, 0, Map.of());

        /** A map that is absent in the JSON is empty. */
        public Outcomes {
            durations = durations == null ? Map.of() : durations;
        }
    }

    /**
     * One instance as its dispatcher sees it.
     *
     * @param pod name of the pod
     * @param inFlight places that are taken by events that it runs
     * @param idleMs how long it has run none, 0 while busy
     * @param initMs its init duration in milliseconds, null if the hello was lost
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Instance(
            String pod, int inFlight, long idleMs, @Nullable Long initMs) {}

    /**
     * A pod to replace.
     *
     * @param namespace its namespace
     * @param pod its name
     * @param reason for the log and the Kubernetes Event
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record LostInstance(String namespace, String pod, String reason) {}
}
