package dev.kappa.lambda.model;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * How small and how large a number, a length or a count may be.
 *
 * @param min null for no limit
 * @param max null for no limit
 */
public record Bounds(@Nullable BigDecimal min, @Nullable BigDecimal max) {
    boolean isBelow(BigDecimal value) {
        return min != null && value.compareTo(min) < 0;
    }

    boolean isAbove(BigDecimal value) {
        return max != null && value.compareTo(max) > 0;
    }
}
