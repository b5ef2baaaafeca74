package dev.kappa.operator.workload;

import dev.kappa.api.v1alpha1.ConditionTypes;
import dev.kappa.api.v1alpha1.FunctionStatus;
import dev.kappa.operator.code.CodeResult.Missing;
import dev.kappa.operator.code.Known;
import dev.kappa.operator.code.Packages;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** When missing code is looked for again: after as long as it has been missing, so that the pauses double. */
public final class CodeRetry {
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private CodeRetry() {}

    /**
     * How long to wait.
     *
     * @param status tells since when the code is missing
     * @param now the time
     */
    public static Duration pause(FunctionStatus status, Instant now) {
        Duration missing = ConditionTypes.find(status.conditions, ConditionTypes.CODE_READY)
                .map(Condition::getLastTransitionTime)
                .map(since -> Duration.between(Instant.parse(since), now))
                .orElse(Duration.ZERO);
        if (missing.compareTo(SHORTEST) < 0) {
            return SHORTEST;
        }
        return missing.compareTo(LONGEST) > 0 ? LONGEST : missing;
    }

    /**
     * Whether the package store was the reason, so that its return is the moment to try again.
     *
     * @param status null for none
     */
    public static boolean waitsForStore(@Nullable FunctionStatus status) {
        return status != null
                && ConditionTypes.find(status.conditions, ConditionTypes.CODE_READY)
                        .filter(it -> Missing.STORE_UNAVAILABLE.equals(it.getReason()))
                        .isPresent();
    }

    /**
     * What is known of a Function's packages.
     *
     * @param status null for none
     */
    public static Known known(@Nullable FunctionStatus status) {
        return new Known(Packages.of(status), wasStored(status));
    }

    private static boolean wasStored(@Nullable FunctionStatus status) {
        return status != null
                && ConditionTypes.find(status.conditions, ConditionTypes.CODE_READY)
                        .filter(it -> "True".equals(it.getStatus()))
                        .isPresent();
    }
}
