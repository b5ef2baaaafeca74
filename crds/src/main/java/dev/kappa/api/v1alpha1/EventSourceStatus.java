package dev.kappa.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;

/** How far an event source is, and what happened last. */
@JsonIgnoreProperties(ignoreUnknown = true)
public class EventSourceStatus {
    /** Generation of the resource that this status describes. */
    public Long observedGeneration;

    /** The condition Ready, with reason and message. */
    public List<Condition> conditions;

    /** Kind of the source. */
    public String source;

    /** State in Lambda's words: Enabled or Disabled. */
    public String state;

    /** The pod that works on the source. */
    public String owner;

    /** When the function was given its last event, RFC 3339. */
    public String lastEventTime;

    /** The last tick that has its event, RFC 3339. */
    public String lastTick;

    /** The next tick, RFC 3339; none if there is no more. */
    public String nextTick;

    /** What became of the last event or batch. */
    public String lastResult;

    /** Records of Kafka that are not done yet; none while the brokers do not tell. */
    public Long lag;
}
