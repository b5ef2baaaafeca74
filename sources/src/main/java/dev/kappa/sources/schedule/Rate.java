package dev.kappa.sources.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/**
 * A tick each period, the first one period after the schedule begins; a day has 24 hours.
 *
 * @param period whole minutes
 */
public record Rate(Duration period) implements Expression {
    @Override
    public Optional<Instant> next(Instant after, ZoneId zone, Instant begin) {
        long seconds = period.toSeconds();
        long periods =
                after.isBefore(begin) ? 0 : Duration.between(begin, after).toSeconds() / seconds;
        return Optional.of(begin.plusSeconds((periods + 1) * seconds));
    }
}
