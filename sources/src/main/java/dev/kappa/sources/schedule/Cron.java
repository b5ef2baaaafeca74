package dev.kappa.sources.schedule;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.BitSet;
import java.util.Optional;

/** Ticks at local times: a time that daylight saving skips has none, one that it repeats has one, the first. */
public final class Cron implements Expression {
    private static final int LAST_YEAR = 2199;
    private static final int MINUTES = 60;
    private static final int MONTHS = 12;

    private final BitSet minutesOfDay = new BitSet();
    private final BitSet months;
    private final BitSet years;
    private final DayRule days;

    private Cron(String minutes, String hours, String months, String years, DayRule days) {
        BitSet ofHour = CronField.MINUTE.parse(minutes);
        CronField.HOUR.parse(hours).stream()
                .forEach(hour -> ofHour.stream().forEach(minute -> minutesOfDay.set(hour * MINUTES + minute)));
        this.months = CronField.MONTH.parse(months);
        this.years = CronField.YEAR.parse(years);
        this.days = days;
    }

    /** Minute, hour, day of month, month, day of week and year, as EventBridge writes them. */
    static Cron eventBridge(String... fields) {
        return new Cron(fields[0], fields[1], fields[3], fields[5], Days.eventBridge(fields[2], fields[4]));
    }

    /** Minute, hour, day of month, month and day of week, as cron and Kubernetes write them. */
    static Cron unix(String... fields) {
        return new Cron(fields[0], fields[1], fields[3], "*", Days.unix(fields[2], fields[4]));
    }

    @Override
    public Optional<Instant> next(Instant after, ZoneId zone, Instant begin) {
        LocalDateTime local = LocalDateTime.ofInstant(after, zone);
        LocalDate date = local.toLocalDate();
        int from = local.getHour() * MINUTES + local.getMinute();
        while (date.getYear() <= LAST_YEAR) {
            if (!years.get(date.getYear())) {
                date = LocalDate.of(date.getYear() + 1, 1, 1);
            } else if (!months.get(date.getMonthValue())) {
                int next = months.nextSetBit(date.getMonthValue());
                date = next < 0 || next > MONTHS
                        ? LocalDate.of(date.getYear() + 1, 1, 1)
                        : date.withDayOfMonth(1).withMonth(next);
            } else {
                Optional<Instant> tick = days.matches(date) ? onDay(date, from, after, zone) : Optional.empty();
                if (tick.isPresent()) {
                    return tick;
                }
                date = date.plusDays(1);
            }
            from = 0;
        }
        return Optional.empty();
    }

    private Optional<Instant> onDay(LocalDate date, int from, Instant after, ZoneId zone) {
        for (int minute = minutesOfDay.nextSetBit(from); minute >= 0; minute = minutesOfDay.nextSetBit(minute + 1)) {
            Optional<Instant> tick = Expression.instant(date.atTime(minute / MINUTES, minute % MINUTES), zone)
                    .filter(after::isBefore);
            if (tick.isPresent()) {
                return tick;
            }
        }
        return Optional.empty();
    }
}
