package dev.kappa.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** Lets the records pass that match a pattern. */
@JsonIgnoreProperties(ignoreUnknown = true)
public class EventFilter {
    /** JSON as EventBridge has patterns, about the record as the function would get it; a body that is JSON is looked into. */
    @Required
    @Size(min = 1, max = 4096)
    public String pattern;
}
