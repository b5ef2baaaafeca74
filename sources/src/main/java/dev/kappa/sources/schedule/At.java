package dev.kappa.sources.schedule;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Optional;

/**
 * One tick.
 *
 * @param local in the schedule's zone
 */
public record At(LocalDateTime local) implements Expression {
    @Override
    public Optional<Instant> next(Instant after, ZoneId zone, Instant begin) {
        return Expression.instant(local, zone).filter(after::isBefore);
    }
}
