package dev.kappa.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import java.util.Map;

/** Which nodes instances run on, and how. */
@JsonIgnoreProperties(ignoreUnknown = true)
public class Scheduling {
    private static final String DNS_NAME = "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$";

    /** Labels that a node must have. */
    @Size(max = 20)
    public Map<String, String> nodeSelector;

    /** Taints of nodes that are no obstacle. */
    @Size(max = 20)
    public List<Toleration> tolerations;

    /** Over which parts of the cluster instances are spread. */
    @Size(max = 5)
    public List<Spread> topologySpread;

    /** A PriorityClass, one of those that the chart's functions.priorityClassNames lists. */
    @Pattern(DNS_NAME)
    @Size(max = 253)
    public String priorityClassName;

    /** A RuntimeClass, for example of gVisor, one of those that the chart's functions.runtimeClassNames lists. */
    @Pattern(DNS_NAME)
    @Size(max = 253)
    public String runtimeClassName;

    /** A taint that is no obstacle, as in a pod. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public static class Toleration {
        /** Key of the taint; every one if absent, together with the operator Exists. */
        @Size(max = 316)
        public String key;

        /** Equal or Exists. */
        @Pattern("^(Equal|Exists)$")
        @Default("Equal")
        public String operator;

        /** Value of the taint, for Equal. */
        @Size(max = 63)
        public String value;

        /** NoSchedule, PreferNoSchedule or NoExecute; every one if absent. */
        @Pattern("^(NoSchedule|PreferNoSchedule|NoExecute)$")
        public String effect;
    }

    /** How evenly the instances of a version are spread, as a pod's topologySpreadConstraints say it. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public static class Spread {
        /** Label of nodes, for example topology.kubernetes.io/zone; nodes with the same value are one part. */
        @Required
        @Size(min = 1, max = 316)
        public String topologyKey;

        /** By how many instances two parts may differ. */
        @Min(1)
        @Default("1")
        public Integer maxSkew;

        /** ScheduleAnyway or DoNotSchedule. */
        @Pattern("^(ScheduleAnyway|DoNotSchedule)$")
        @Default("ScheduleAnyway")
        public String whenUnsatisfiable;
    }
}
