package dev.kappa.operator.version;

import dev.kappa.api.v1alpha1.ConditionTypes;
import dev.kappa.api.v1alpha1.FunctionStatus;
import dev.kappa.api.v1alpha1.FunctionVersion;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether a version can take events. */
public final class VersionCheck {
    private VersionCheck() {}

    /** Why it cannot; empty if it can. */
    public static Optional<String> problem(@Nullable FunctionVersion version) {
        if (version == null) {
            return Optional.of("it does not exist; publish it, or correct the alias");
        }
        FunctionStatus status = version.getStatus();
        Optional<Condition> ready =
                ConditionTypes.find(status == null ? null : status.conditions, ConditionTypes.READY);
        if (ready.isEmpty()) {
            return Optional.of("it was not looked at yet");
        }
        return ready.filter(condition -> !condition.getStatus().equals("True")).map(Condition::getMessage);
    }
}
