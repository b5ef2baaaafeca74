package dev.kappa.operator.status;

import dev.kappa.api.v1alpha1.ConditionTypes;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Merges conditions: a transition time changes only with the status. */
public final class Conditions {
    private final List<Condition> old;
    private final List<Condition> merged = new ArrayList<>();
    private final Instant now;
    private final @Nullable Long generation;

    /**
     * Merges into what a resource has.
     *
     * @param old its conditions, null for none
     * @param generation the generation that the new ones tell of
     * @param now transition time of what changes
     */
    public Conditions(@Nullable List<Condition> old, @Nullable Long generation, Instant now) {
        this.old = old == null ? List.of() : List.copyOf(old);
        this.generation = generation;
        this.now = now;
    }

    /**
     * Adds a condition.
     *
     * @param type its type
     * @param state true, false, or null for unknown
     * @param reason a word in camel case
     * @param message for a person
     * @return this
     */
    public Conditions set(String type, @Nullable Boolean state, String reason, String message) {
        String status = state == null ? "Unknown" : state ? "True" : "False";
        String since = ConditionTypes.find(old, type)
                .filter(condition -> Objects.equals(condition.getStatus(), status))
                .map(Condition::getLastTransitionTime)
                .orElse(now.truncatedTo(ChronoUnit.SECONDS).toString());
        merged.add(new ConditionBuilder()
                .withType(type)
                .withStatus(status)
                .withReason(reason)
                .withMessage(message)
                .withObservedGeneration(generation)
                .withLastTransitionTime(since)
                .build());
        return this;
    }

    /**
     * Adds one that stays as it is.
     *
     * @param condition of the resource
     * @return this
     */
    public Conditions keep(Condition condition) {
        merged.add(condition);
        return this;
    }

    /** The new conditions in the order of their setting. */
    public List<Condition> list() {
        return List.copyOf(merged);
    }
}
