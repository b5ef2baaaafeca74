package dev.kappa.sources.schedule;

import java.time.LocalDate;

/** On which days of a month a cron has ticks. */
@FunctionalInterface
interface DayRule {
    DayRule EVERY = date -> true;

    boolean matches(LocalDate date);
}
