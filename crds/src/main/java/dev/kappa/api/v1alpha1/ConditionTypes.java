package dev.kappa.api.v1alpha1;

import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Types of the conditions in a status. */
public final class ConditionTypes {
    /** All is well: events are answered by the current code. */
    public static final String READY = "Ready";

    /** The code lies in the package store, or is an image. */
    public static final String CODE_READY = "CodeReady";

    /** An instance of the current revision has initialised its handler. */
    public static final String HANDLER_READY = "HandlerReady";

    /** False while the cluster refuses the pods that the function asks for, for example because of a quota. */
    public static final String RESOURCES_AVAILABLE = "ResourcesAvailable";

    /** False while the operator fails at the resource; absent otherwise. */
    public static final String RECONCILED = "Reconciled";

    private ConditionTypes() {}

    /**
     * Finds a condition by its type.
     *
     * @param conditions where; null for none
     * @param type which
     * @return empty if there is none
     */
    public static Optional<Condition> find(@Nullable List<Condition> conditions, String type) {
        return conditions == null
                ? Optional.empty()
                : conditions.stream().filter(it -> type.equals(it.getType())).findFirst();
    }
}
