package dev.kappa.sources.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of ticks, on time and missed. */
@Timeout(60)
class ScheduleTest {
    private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void aTickIsWaitedForThenRunsThenIsSettled() {
        Schedule hourly = schedule("cron(0 * * * ? *)");

        assertThat(hourly.due(T0, T0.plusSeconds(1))).isEqualTo(new Due.Wait(at(1)));
        assertThat(hourly.due(T0, at(1))).isEqualTo(new Due.Run(at(1), hourly.requestId(at(1)), 0));
        assertThat(hourly.due(at(1), at(1))).isEqualTo(new Due.Wait(at(2)));
    }

    @Test
    void ofMissedTicksTheLatestIsMadeUpForAndNotAllOfThem() {
        Schedule hourly = schedule("cron(0 * * * ? *)");

        assertThat(hourly.due(T0, at(5).plusSeconds(60))).isEqualTo(new Due.Run(at(5), hourly.requestId(at(5)), 4));
    }

    @Test
    void afterTheStartingDeadlineATickIsMissed() {
        Schedule hourly = with(schedule("cron(0 * * * ? *)"), Duration.ZERO, Optional.of(Duration.ofMinutes(5)));

        assertThat(hourly.due(T0, at(3).plusSeconds(300))).isInstanceOf(Due.Run.class);
        assertThat(hourly.due(T0, at(3).plusSeconds(301))).isEqualTo(new Due.Missed(at(3), 3));
        assertThat(hourly.due(at(3), at(3).plusSeconds(301))).isEqualTo(new Due.Wait(at(4)));
    }

    @Test
    void anEditAndTheEndOfAPauseBringNoTickOfBefore() {
        Schedule edited = schedule("cron(*/5 * * * ? *)");
        Instant edit = at(1).plusSeconds(30);

        assertThat(edited.due(edit, edit)).isEqualTo(new Due.Wait(at(1).plusSeconds(300)));
    }

    @Test
    void aTicksIdIsTheSameForEveryLeaderAndEveryTickHasItsOwn() {
        Schedule one = schedule("rate(1 minute)");
        Schedule edited = schedule("cron(* * * * ? *)");
        Schedule other = new Schedule(
                "other", one.expression(), one.zone(), T0, Optional.empty(), Duration.ZERO, Optional.empty());
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            ids.add(one.requestId(T0.plusSeconds(60L * i)));
        }

        assertThat(ids)
                .hasSize(1000)
                .allSatisfy(id -> assertThat(UUID.fromString(id)).hasToString(id));
        assertThat(edited.requestId(T0)).isEqualTo(one.requestId(T0)).isNotEqualTo(other.requestId(T0));
    }

    @Test
    void nothingIsBeforeTheBeginningOrAfterTheEnd() {
        Schedule day = new Schedule(
                "uid",
                Expressions.parse("cron(0 * * * ? *)"),
                ZoneOffset.UTC,
                at(3),
                Optional.of(at(4)),
                Duration.ZERO,
                Optional.empty());

        assertThat(day.next(T0)).contains(at(3));
        assertThat(day.next(at(3))).contains(at(4));
        assertThat(day.due(at(4), at(9))).isEqualTo(new Due.Over());
        assertThat(day.due(at(3), at(9))).isEqualTo(new Due.Run(at(4), day.requestId(at(4)), 0));
    }

    @Test
    void aFlexibleWindowSpreadsEventsAndAllLeadersAlike() {
        Schedule hourly = with(schedule("cron(0 * * * ? *)"), Duration.ofMinutes(15), Optional.empty());
        Set<Instant> offsets = new HashSet<>();
        for (int hour = 1; hour <= 200; hour++) {
            Instant sendAt = hourly.sendAt(at(hour));
            assertThat(sendAt).isBetween(at(hour), at(hour).plusSeconds(899));
            assertThat(hourly.due(at(hour - 1), sendAt.minusMillis(1))).isEqualTo(new Due.Wait(sendAt));
            assertThat(hourly.due(at(hour - 1), sendAt))
                    .isEqualTo(new Due.Run(at(hour), hourly.requestId(at(hour)), 0));
            offsets.add(sendAt.minusSeconds(3600L * hour));
        }
        assertThat(offsets).hasSizeGreaterThan(100);
    }

    @Test
    void aWindowLongerThanThePeriodKeepsTheOrderOfTicks() {
        Schedule minutely = with(schedule("rate(1 minute)"), Duration.ofHours(1), Optional.empty());
        Instant last = T0;
        for (int minute = 1; minute < 100; minute++) {
            Instant sendAt = minutely.sendAt(T0.plusSeconds(60L * minute));
            assertThat(sendAt).isAfter(last);
            last = sendAt;
        }
    }

    @Test
    void theLatestTickIsTheOneThatAWalkFinds() {
        Random random = new Random(18);
        String[] expressions = {"rate(1 minute)", "cron(0,59 2 * * ? *)", "cron(* 3 1 * ? *)", "*/7 * * * *", "@monthly"
        };
        for (int i = 0; i < 300; i++) {
            Schedule schedule = with(
                    schedule(expressions[random.nextInt(expressions.length)]),
                    Duration.ofMinutes(random.nextInt(2) * 10L),
                    Optional.empty());
            Instant settled = T0.plusSeconds(random.nextInt(10 * 86_400));
            Instant now = settled.plusSeconds(random.nextInt(1 << random.nextInt(8, 18)));
            Optional<Instant> latest = Optional.empty();
            int count = 0;
            for (Optional<Instant> tick = schedule.next(settled);
                    tick.isPresent() && !schedule.sendAt(tick.get()).isAfter(now);
                    tick = schedule.next(tick.get())) {
                latest = tick;
                count++;
            }
            Due due = schedule.due(settled, now);
            if (latest.isEmpty()) {
                assertThat(due).isInstanceOf(Due.Wait.class);
            } else {
                int missed = Math.min(count - 1, Schedule.MOST_COUNTED);
                assertThat(due).isEqualTo(new Due.Run(latest.get(), schedule.requestId(latest.get()), missed));
            }
        }
    }

    @Test
    void aYearOfMissedMinutesIsNotWalkedThrough() {
        Schedule minutely = schedule("cron(* * * * ? *)");
        Instant now = T0.plus(Duration.ofDays(365));
        // A walk has half a billion steps, and no end in this test's time.
        for (int i = 0; i < 1000; i++) {
            assertThat(minutely.due(T0, now)).isEqualTo(new Due.Run(now, minutely.requestId(now), 100));
        }
    }

    private static Schedule schedule(String expression) {
        return new Schedule(
                "uid",
                Expressions.parse(expression),
                ZoneOffset.UTC,
                T0,
                Optional.empty(),
                Duration.ZERO,
                Optional.empty());
    }

    private static Schedule with(Schedule schedule, Duration window, Optional<Duration> deadline) {
        return new Schedule(
                schedule.uid(), schedule.expression(), schedule.zone(), T0, Optional.empty(), window, deadline);
    }

    private static Instant at(int hour) {
        return T0.plusSeconds(3600L * hour);
    }
}
