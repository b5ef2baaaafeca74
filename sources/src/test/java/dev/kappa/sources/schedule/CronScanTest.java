package dev.kappa.sources.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever the expression, the zone and the time: the next tick is the first minute that matches. */
@Timeout(120)
class CronScanTest {
    private static final int EXPRESSIONS = Integer.getInteger("kappa.schedules", 150);
    private static final int TICKS = 3;
    private static final Duration HORIZON = Duration.ofDays(20);
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
    private static final String[] ZONES = {
        "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Santiago", "America/Havana", "UTC"
    };
    private static final String[] MINUTES = {"*", "0", "*/5", "30", "0/15", "10-20", "5,35", "59", "17/20"};
    private static final String[] HOURS = {"*", "0", "1", "2", "3", "*/2", "23", "9-17", "1,2,3", "0/6"};
    private static final String[] MONTH_DAYS = {"*", "1", "L", "15W", "1W", "31W", "LW", "31", "*/10", "5-9", "1,15"};
    private static final String[] MONTHS = {"*", "*", "*", "3", "OCT", "4,10,11", "*/3", "JAN-MAR"};
    private static final String[] WEEK_DAYS = {
        "MON", "SUN", "2-6", "6L", "L", "3#1", "6#5", "7", "MON,WED", "*/2", "1#5"
    };
    private static final String[] YEARS = {"*", "*", "2026", "2026-2028", "2026/2"};
    private static final String[] UNIX_MONTH_DAYS = {"*", "*", "1", "31", "*/10", "5-9", "1,15"};
    private static final String[] UNIX_WEEK_DAYS = {"*", "*", "MON", "0", "7", "1-5", "MON-FRI", "*/2", "5-7"};

    private final Random random = new Random(18);

    @Test
    void everyTickIsTheFirstMinuteThatMatches() {
        for (int i = 0; i < EXPRESSIONS; i++) {
            boolean unix = random.nextInt(4) == 0;
            String fields = unix ? unix() : eventBridge();
            ZoneId zone = ZoneId.of(one(ZONES));
            Expression expression = Expressions.parse(unix ? fields : "cron(" + fields + ")");
            MinuteScan scan = new MinuteScan(fields, zone);
            Instant after = time(zone);
            for (int tick = 0; tick < TICKS; tick++) {
                Optional<Instant> expected = scan.next(after, HORIZON);
                Optional<Instant> found = expression.next(after, zone, BEGIN);
                Instant end = after.plus(HORIZON);
                assertThat(found.filter(end::isAfter))
                        .as("%s in %s after %s", fields, zone, after)
                        .isEqualTo(expected);
                if (expected.isEmpty()) {
                    break;
                }
                after = expected.get();
            }
        }
    }

    @Test
    void ticksOnlyGrow() {
        for (int i = 0; i < EXPRESSIONS; i++) {
            String fields = eventBridge();
            ZoneId zone = ZoneId.of(one(ZONES));
            Expression expression = Expressions.parse("cron(" + fields + ")");
            Instant last = time(zone);
            for (int tick = 0; tick < 200; tick++) {
                Optional<Instant> next = expression.next(last, zone, BEGIN);
                if (next.isEmpty()) {
                    break;
                }
                assertThat(next.get()).as("%s in %s", fields, zone).isAfter(last);
                // Whatever lies between two ticks has the same next one.
                Instant between = last.plus(Duration.between(last, next.get()).dividedBy(2));
                assertThat(expression.next(between, zone, BEGIN)).isEqualTo(next);
                last = next.get();
            }
        }
    }

    private String eventBridge() {
        boolean week = random.nextBoolean();
        return String.join(
                " ",
                one(MINUTES),
                one(HOURS),
                week ? "?" : one(MONTH_DAYS),
                one(MONTHS),
                week ? one(WEEK_DAYS) : "?",
                one(YEARS));
    }

    private String unix() {
        return String.join(" ", one(MINUTES), one(HOURS), one(UNIX_MONTH_DAYS), one(MONTHS), one(UNIX_WEEK_DAYS));
    }

    /** Often shortly before the clock changes. */
    private Instant time(ZoneId zone) {
        Instant any = BEGIN.plusSeconds(random.nextInt(365 * 86_400));
        ZoneOffsetTransition change =
                zone instanceof ZoneOffset ? null : zone.getRules().nextTransition(any);
        return change != null && random.nextInt(3) > 0
                ? change.getInstant().minusSeconds(random.nextInt(4 * 3600))
                : any;
    }

    private String one(String[] values) {
        return values[random.nextInt(values.length)];
    }
}
