package dev.kappa.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;

/** How many events run at once. */
@JsonIgnoreProperties(ignoreUnknown = true)
public class Concurrency {
    /** Number of events that one instance runs at once: in one process of Java or Node.js, else in as many processes. */
    @Min(1)
    @Max(1000)
    @Default("1")
    public Integer perInstance;

    /** Limit of concurrent events over all versions of the function; 0 switches the function off, absent means no limit. */
    @Min(0)
    public Integer reserved;
}
