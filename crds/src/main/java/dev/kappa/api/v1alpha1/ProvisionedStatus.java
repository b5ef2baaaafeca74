package dev.kappa.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;

/** How far the provisioned concurrency of a version or alias is. */
@JsonIgnoreProperties(ignoreUnknown = true)
public class ProvisionedStatus {
    /** Every instance that it needs is ready. */
    public static final String READY = "Ready";

    /** Instances start. */
    public static final String IN_PROGRESS = "InProgress";

    /** Instances cannot be had, or cannot load the handler; it is tried on. */
    public static final String FAILED = "Failed";

    /** Number of concurrent events that it is for; of a version, the highest that it and its aliases ask for. */
    public Integer requested;

    /** Number of concurrent events that the instances take which there are, also those that start. */
    public Integer allocated;

    /** Number of concurrent events that the instances take which are ready. */
    public Integer available;

    /** State of it: InProgress, Ready or Failed. */
    public String state;

    /** A word for the cause of a failure. */
    public String reason;

    /** Cause and remedy of a failure. */
    public String message;

    /** Of an alias that moves: numbers of the versions that it has left, which keep their instances until those of the new one are ready. */
    public List<Integer> holding;
}
