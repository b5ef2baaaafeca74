package dev.kappa.sources.schedule;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the expressions of schedules, as EventBridge and as cron write them. */
public final class Expressions {
    private static final int EVENT_BRIDGE_FIELDS = 6;
    private static final int UNIX_FIELDS = 5;
    private static final Pattern CALL = Pattern.compile("(cron|rate|at)\\((.*)\\)");
    private static final Pattern LOCAL = Pattern.compile("\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}");
    private static final Pattern PERIOD = Pattern.compile("([1-9]\\d{0,8}) (minute|hour|day)(s?)");
    private static final Map<String, String> MACROS = Map.of(
            "@yearly", "0 0 1 1 *",
            "@annually", "0 0 1 1 *",
            "@monthly", "0 0 1 * *",
            "@weekly", "0 0 * * 0",
            "@daily", "0 0 * * *",
            "@midnight", "0 0 * * *",
            "@hourly", "0 * * * *");

    private Expressions() {}

    /**
     * Reads {@code cron(…)} with six fields, {@code rate(…)}, {@code at(…)}, five fields of cron, or {@code @daily} and its like.
     *
     * @param text of the schedule
     * @throws IllegalArgumentException if it is none; the message says what is wrong and what to write
     */
    public static Expression parse(String text) {
        Matcher call = CALL.matcher(text.strip());
        try {
            if (!call.matches()) {
                return unix(text.strip());
            }
            String inside = call.group(2).strip();
            return switch (call.group(1)) {
                case "cron" -> eventBridge(inside);
                case "rate" -> rate(inside);
                default -> at(inside);
            };
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("The schedule '" + text + "' has no ticks: " + e.getMessage(), e);
        }
    }

    /**
     * A time zone.
     *
     * @param name of the IANA database
     * @throws IllegalArgumentException if there is none of that name
     */
    public static ZoneId zone(String name) {
        try {
            return ZoneId.of(name);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "'" + name + "' is no time zone: write a name of the IANA database, as Europe/Berlin, or UTC", e);
        }
    }

    private static Expression eventBridge(String inside) {
        String[] fields = inside.split("\\s+");
        if (fields.length != EVENT_BRIDGE_FIELDS) {
            throw new IllegalArgumentException(
                    "cron(…) has " + fields.length
                            + " fields: write minute, hour, day of month, month, day of week and year, or five fields without cron()");
        }
        return Cron.eventBridge(fields);
    }

    private static Expression unix(String text) {
        String[] fields = MACROS.getOrDefault(text, text).split("\\s+");
        if (fields.length != UNIX_FIELDS) {
            throw new IllegalArgumentException("it has "
                    + Arrays.stream(fields).filter(it -> !it.isEmpty()).count()
                    + " fields: write cron(…), rate(…), at(…), or minute, hour, day of month, month and day of week");
        }
        return Cron.unix(fields);
    }

    private static Expression rate(String inside) {
        Matcher period = PERIOD.matcher(inside);
        if (!period.matches() || period.group(1).equals("1") != period.group(3).isEmpty()) {
            throw new IllegalArgumentException(
                    "'" + inside + "' is no period: write 1 minute, hour or day, or more as 5 minutes");
        }
        long count = Long.parseLong(period.group(1));
        return new Rate(
                switch (period.group(2)) {
                    case "minute" -> Duration.ofMinutes(count);
                    case "hour" -> Duration.ofHours(count);
                    default -> Duration.ofDays(count);
                });
    }

    private static Expression at(String inside) {
        try {
            if (LOCAL.matcher(inside).matches()) {
                return new At(LocalDateTime.parse(inside));
            }
        } catch (DateTimeParseException e) {
            // Said below.
        }
        throw new IllegalArgumentException("'" + inside + "' is no time: write yyyy-mm-ddThh:mm:ss, without a zone");
    }
}
