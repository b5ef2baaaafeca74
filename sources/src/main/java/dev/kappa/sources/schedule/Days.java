package dev.kappa.sources.schedule;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;
import java.util.BitSet;

/** The day fields of crons: EventBridge's L, W and #, and the two days of a five-field cron of which one is enough. */
final class Days {
    private static final int WEEK = 7;

    private Days() {}

    /** As EventBridge has them: one is ?, so that the other decides. */
    static DayRule eventBridge(String ofMonth, String ofWeek) {
        if (ofMonth.equals("?") == ofWeek.equals("?")) {
            throw new IllegalArgumentException("day of month is '" + ofMonth + "' and day of week '" + ofWeek
                    + "': exactly one of them has to be ?, so that the other says the day");
        }
        return ofWeek.equals("?") ? ofMonth(ofMonth) : ofWeek(ofWeek);
    }

    /** As cron and Kubernetes have them: if both are restricted, a day that one of them names is enough. */
    static DayRule unix(String ofMonth, String ofWeek) {
        boolean everyDay = ofMonth.equals("*") || ofMonth.equals("?");
        boolean everyWeekday = ofWeek.equals("*") || ofWeek.equals("?");
        BitSet days = CronField.DAY_OF_MONTH.parse(everyDay ? "*" : ofMonth);
        BitSet weekdays = CronField.UNIX_DAY_OF_WEEK.parse(everyWeekday ? "*" : ofWeek);
        if (weekdays.get(WEEK)) {
            weekdays.set(0);
        }
        DayRule month = date -> days.get(date.getDayOfMonth());
        DayRule week = date -> weekdays.get(date.getDayOfWeek().getValue() % WEEK);
        return everyDay || everyWeekday
                ? date -> month.matches(date) && week.matches(date)
                : date -> month.matches(date) || week.matches(date);
    }

    private static DayRule ofMonth(String text) {
        if (text.equals("L")) {
            return date -> date.getDayOfMonth() == date.lengthOfMonth();
        }
        if (text.equals("LW")) {
            return date -> date.equals(nearestWeekday(date.with(TemporalAdjusters.lastDayOfMonth())));
        }
        if (text.endsWith("W")) {
            int day = CronField.DAY_OF_MONTH.number(text.substring(0, text.length() - 1));
            return date -> day <= date.lengthOfMonth() && date.equals(nearestWeekday(date.withDayOfMonth(day)));
        }
        BitSet days = CronField.DAY_OF_MONTH.parse(text);
        return date -> days.get(date.getDayOfMonth());
    }

    private static DayRule ofWeek(String text) {
        if (text.equals("L")) {
            return date -> date.getDayOfWeek() == DayOfWeek.SATURDAY;
        }
        if (text.endsWith("L")) {
            int day = CronField.DAY_OF_WEEK.number(text.substring(0, text.length() - 1));
            return date -> number(date) == day && date.getDayOfMonth() + WEEK > date.lengthOfMonth();
        }
        if (text.contains("#")) {
            return nth(text);
        }
        BitSet days = CronField.DAY_OF_WEEK.parse(text);
        return date -> days.get(number(date));
    }

    private static DayRule nth(String text) {
        String[] parts = text.split("#", -1);
        if (parts.length != 2 || !parts[1].matches("[1-5]")) {
            throw new IllegalArgumentException(
                    "'" + text
                            + "' is no day of week: write one day and which of the month it is, 1 to 5, as 3#2 for the second Tuesday");
        }
        int day = CronField.DAY_OF_WEEK.number(parts[0]);
        int nth = Integer.parseInt(parts[1]);
        return date -> number(date) == day && (date.getDayOfMonth() - 1) / WEEK + 1 == nth;
    }

    /** From 1 for Sunday. */
    private static int number(LocalDate date) {
        return date.getDayOfWeek().getValue() % WEEK + 1;
    }

    /** The day itself, or the weekday next to it in the same month. */
    private static LocalDate nearestWeekday(LocalDate date) {
        return switch (date.getDayOfWeek()) {
            case SATURDAY -> date.getDayOfMonth() == 1 ? date.plusDays(2) : date.minusDays(1);
            case SUNDAY -> date.getDayOfMonth() == date.lengthOfMonth() ? date.minusDays(2) : date.plusDays(1);
            default -> date;
        };
    }
}
