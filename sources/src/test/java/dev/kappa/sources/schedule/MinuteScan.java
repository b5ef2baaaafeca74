package dev.kappa.sources.schedule;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** Finds ticks of a cron by trying every minute; shares no code with what it checks. */
final class MinuteScan {
    private static final List<String> MONTHS =
            List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC");
    private static final List<String> DAYS = List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");

    private final String[] fields;
    private final ZoneId zone;

    MinuteScan(String fields, ZoneId zone) {
        this.fields = fields.split(" ");
        this.zone = zone;
    }

    Optional<Instant> next(Instant after, Duration horizon) {
        Instant end = after.plus(horizon);
        for (Instant at = after.truncatedTo(ChronoUnit.MINUTES).plusSeconds(60);
                at.isBefore(end);
                at = at.plusSeconds(60)) {
            LocalDateTime local = LocalDateTime.ofInstant(at, zone);
            boolean repeated = !zone.getRules()
                    .getValidOffsets(local)
                    .getFirst()
                    .equals(zone.getRules().getOffset(at));
            if (!repeated
                    && in(fields[0], local.getMinute(), 0, 59, List.of(), 0)
                    && in(fields[1], local.getHour(), 0, 23, List.of(), 0)
                    && in(fields[3], local.getMonthValue(), 1, 12, MONTHS, 1)
                    && day(local.toLocalDate())
                    && (fields.length < 6 || in(fields[5], local.getYear(), 1970, 2199, List.of(), 0))) {
                return Optional.of(at);
            }
        }
        return Optional.empty();
    }

    private boolean day(LocalDate date) {
        boolean month = dayOfMonth(fields[2], date);
        if (fields.length == 6) {
            return month && dayOfWeek(fields[4], date);
        }
        int value = date.getDayOfWeek().getValue();
        boolean week = fields[4].equals("*")
                || in(fields[4], value % 7, 0, 6, DAYS, 0)
                || (!fields[4].contains("/") && in(fields[4], value, 0, 7, DAYS, 0));
        boolean one = fields[2].equals("*") || fields[4].equals("*");
        return one ? month && week : month || week;
    }

    private static boolean dayOfMonth(String field, LocalDate date) {
        int last = date.lengthOfMonth();
        if (field.equals("L")) {
            return date.getDayOfMonth() == last;
        }
        if (!field.endsWith("W")) {
            return in(field, date.getDayOfMonth(), 1, 31, List.of(), 0);
        }
        int wanted = field.equals("LW") ? last : Integer.parseInt(field.substring(0, field.length() - 1));
        for (int distance : new int[] {0, -1, 1, -2, 2}) {
            int day = wanted + distance;
            if (wanted <= last && day >= 1 && day <= last && isWeekday(date.withDayOfMonth(day))) {
                return day == date.getDayOfMonth();
            }
        }
        return false;
    }

    private static boolean isWeekday(LocalDate date) {
        return date.getDayOfWeek() != DayOfWeek.SATURDAY && date.getDayOfWeek() != DayOfWeek.SUNDAY;
    }

    private static boolean dayOfWeek(String field, LocalDate date) {
        int value = date.getDayOfWeek().getValue() % 7 + 1;
        if (field.equals("L")) {
            return value == 7;
        }
        if (field.endsWith("L")) {
            return field.startsWith(Integer.toString(value))
                    && date.plusWeeks(1).getMonth() != date.getMonth();
        }
        if (field.contains("#")) {
            return field.equals(value + "#" + ((date.getDayOfMonth() + 6) / 7));
        }
        return in(field, value, 1, 7, DAYS, 1);
    }

    private static boolean in(String field, int value, int least, int most, List<String> names, int base) {
        for (String part : field.split(",", -1)) {
            String[] stepped = part.split("/", -1);
            int step = stepped.length > 1 ? Integer.parseInt(stepped[1]) : 1;
            String[] ends = stepped[0].split("-", -1);
            boolean all = stepped[0].equals("*") || stepped[0].equals("?");
            int from = all ? least : number(ends[0], names, base);
            int to =
                    all || (stepped.length > 1 && ends.length == 1) ? most : number(ends[ends.length - 1], names, base);
            if (value >= from && value <= to && (value - from) % step == 0) {
                return true;
            }
        }
        return false;
    }

    private static int number(String text, List<String> names, int base) {
        int name = names.indexOf(text);
        return name >= 0 ? name + base : Integer.parseInt(text);
    }
}
