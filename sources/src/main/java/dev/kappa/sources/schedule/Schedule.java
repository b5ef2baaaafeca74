package dev.kappa.sources.schedule;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import java.util.UUID;

/**
 * A schedule's ticks. Of those that are missed, the latest one is made up for, if its deadline has not passed.
 *
 * @param uid of the source; a new one of the same name has other ticks
 * @param expression when
 * @param zone whose local times it means
 * @param begin no tick is before; a rate counts from here
 * @param end no tick is later
 * @param flexibleWindow events are spread over this time after their ticks, zero for at once
 * @param startingDeadline how late an event may be sent
 */
public record Schedule(
        String uid,
        Expression expression,
        ZoneId zone,
        Instant begin,
        Optional<Instant> end,
        Duration flexibleWindow,
        Optional<Duration> startingDeadline) {
    /** Missed ticks are counted no further. */
    public static final int MOST_COUNTED = 100;

    /**
     * What to do now.
     *
     * @param settled the last tick that has its event, or from when on there are ticks: the time of a start, of an edit or of
     *     the end of a pause, whichever is last
     * @param now the time
     */
    public Due due(Instant settled, Instant now) {
        Optional<Instant> first = next(settled);
        if (first.isEmpty()) {
            return new Due.Over();
        }
        if (sendAt(first.get()).isAfter(now)) {
            return new Due.Wait(sendAt(first.get()));
        }
        Instant tick = latest(first.get(), now);
        int before = count(first.get(), tick);
        boolean late = startingDeadline
                .filter(deadline -> now.isAfter(sendAt(tick).plus(deadline)))
                .isPresent();
        return late
                ? new Due.Missed(tick, Math.min(before + 1, MOST_COUNTED))
                : new Due.Run(tick, requestId(tick), before);
    }

    /**
     * The first tick later than a time.
     *
     * @param after exclusive
     */
    public Optional<Instant> next(Instant after) {
        Instant from = after.isBefore(begin) ? begin.minusNanos(1) : after;
        return expression.next(from, zone, begin).filter(tick -> end.isEmpty() || !tick.isAfter(end.get()));
    }

    /**
     * The id of a tick's event.
     *
     * @param tick of this schedule
     * @return a UUID
     */
    public String requestId(Instant tick) {
        return id(tick).toString();
    }

    /**
     * When its event is sent: in the flexible window and before the next tick, at the same time whoever sends it.
     *
     * @param tick of this schedule
     */
    public Instant sendAt(Instant tick) {
        long window = flexibleWindow.toSeconds();
        if (window == 0) {
            return tick;
        }
        long gap = next(tick).map(it -> Duration.between(tick, it).toSeconds()).orElse(window);
        return tick.plusSeconds(Math.floorMod(id(tick).getLeastSignificantBits(), Math.min(window, gap)));
    }

    private UUID id(Instant tick) {
        return UUID.nameUUIDFromBytes((uid + "/" + tick).getBytes(StandardCharsets.UTF_8));
    }

    /** The last tick that is due, by halves: there may be a year of minutes. */
    private Instant latest(Instant first, Instant now) {
        Instant low = first;
        Instant high = now;
        while (true) {
            Optional<Instant> following = due(next(low), now);
            if (following.isEmpty()) {
                return low;
            }
            Instant middle = low.plus(Duration.between(low, high).dividedBy(2));
            Optional<Instant> later = due(next(middle), now);
            if (later.isPresent()) {
                low = later.get();
            } else if (middle.equals(low)) {
                low = following.get();
            } else {
                high = middle;
            }
        }
    }

    private Optional<Instant> due(Optional<Instant> tick, Instant now) {
        return tick.filter(it -> !sendAt(it).isAfter(now));
    }

    private int count(Instant first, Instant last) {
        int count = 0;
        for (Optional<Instant> tick = Optional.of(first);
                count < MOST_COUNTED && tick.isPresent() && tick.get().isBefore(last);
                tick = next(tick.get())) {
            count++;
        }
        return count;
    }
}
