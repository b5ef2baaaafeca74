package dev.kappa.api.v1alpha1;

import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;

/** Where an alias stands. */
public class AliasStatus {
    /** Generation of the resource that this status tells of. */
    public Long observedGeneration;

    /** Ready, with reason and message. */
    public List<Condition> conditions;

    /** The version that gets what {@code routing} does not. */
    public Integer version;

    /** The additional version and its share. */
    public AliasSpec.Routing routing;
}
