package dev.kappa.sources.schedule;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/** When a schedule has ticks. */
public sealed interface Expression permits Cron, Rate, At {
    /**
     * The first tick later than a time.
     *
     * @param after exclusive
     * @param zone whose local times a cron or at means
     * @param begin a rate counts from here
     * @return empty if there is none any more
     */
    Optional<Instant> next(Instant after, ZoneId zone, Instant begin);

    /** A local time as EventBridge sees it: none in a gap, and the first of two. */
    static Optional<Instant> instant(LocalDateTime local, ZoneId zone) {
        List<ZoneOffset> offsets = zone.getRules().getValidOffsets(local);
        return offsets.isEmpty() ? Optional.empty() : Optional.of(local.toInstant(offsets.getFirst()));
    }
}
