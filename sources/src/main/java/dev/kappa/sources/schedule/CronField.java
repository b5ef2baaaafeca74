package dev.kappa.sources.schedule;

import java.util.BitSet;
import java.util.List;
import java.util.Locale;

/** A field of a cron: its name, its numbers, and the names of those. */
enum CronField {
    MINUTE("minute", 0, 59, ""),
    HOUR("hour", 0, 23, ""),
    DAY_OF_MONTH("day of month", 1, 31, ""),
    MONTH("month", 1, 12, "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC"),
    /** From 1 for Sunday. */
    DAY_OF_WEEK("day of week", 1, 7, "SUN MON TUE WED THU FRI SAT"),
    /** From 0 for Sunday, which is 7 too. */
    UNIX_DAY_OF_WEEK("day of week", 0, 7, "SUN MON TUE WED THU FRI SAT"),
    YEAR("year", 1970, 2199, "");

    private final String title;
    private final int least;
    private final int most;
    private final String names;

    CronField(String title, int least, int most, String names) {
        this.title = title;
        this.least = least;
        this.most = most;
        this.names = names;
    }

    /** The numbers of a list of numbers, ranges and steps. */
    BitSet parse(String text) {
        BitSet numbers = new BitSet(most + 1);
        for (String part : text.split(",", -1)) {
            parsePart(part, numbers);
        }
        return numbers;
    }

    int number(String text) {
        int name = names().indexOf(text.toUpperCase(Locale.ROOT));
        if (name >= 0) {
            return least + name;
        }
        try {
            int number = text.startsWith("+") ? -1 : Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw refused(text);
    }

    IllegalArgumentException refused(String text) {
        String known = names.isEmpty() ? "" : " or " + names().getFirst() + " to " + names().getLast();
        return new IllegalArgumentException("'" + text + "' is no " + title + ": write " + least + " to " + most + known
                + ", a range as a-b, several as a,b, a step as a/n, or *");
    }

    private List<String> names() {
        return names.isEmpty() ? List.of() : List.of(names.split(" "));
    }

    private void parsePart(String part, BitSet numbers) {
        String[] ranged = part.split("/", -1);
        int step = ranged.length == 2 ? step(ranged[1], part) : 1;
        if (ranged.length > 2) {
            throw refused(part);
        }
        String[] ends = ranged[0].split("-", -1);
        boolean all = ranged[0].equals("*");
        int from = all ? least : number(ends[0]);
        int to = all || (ends.length == 1 && ranged.length == 2) ? last() : number(ends[ends.length - 1]);
        if (ends.length > 2) {
            throw refused(part);
        }
        if (from <= to) {
            add(from, to, step, numbers);
        } else if (this == UNIX_DAY_OF_WEEK || this == YEAR) {
            throw refused(part);
        } else {
            // FRI-MON or 22-2, as Quartz has it: on past the end.
            add(from, to + most - least + 1, step, numbers);
        }
    }

    private void add(int from, int to, int step, BitSet numbers) {
        for (int number = from; number <= to; number += step) {
            numbers.set(number > most ? number - (most - least + 1) : number);
        }
    }

    /** The last of all numbers: Sunday is not to come twice. */
    private int last() {
        return this == UNIX_DAY_OF_WEEK ? most - 1 : most;
    }

    private int step(String text, String part) {
        try {
            int step = Integer.parseInt(text);
            if (step > 0 && step <= most) {
                return step;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw refused(part);
    }
}
