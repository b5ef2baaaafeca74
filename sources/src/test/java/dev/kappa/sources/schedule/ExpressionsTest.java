package dev.kappa.sources.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A rule of EventBridge's and of cron's expressions each. */
class ExpressionsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cron(0 10 * * ? *)        | 2026-01-01T10:00:00Z | 2026-01-02T10:00:00Z",
                "cron(0/15 * * * ? *)      | 2026-01-01T00:14:59Z | 2026-01-01T00:15:00Z",
                "cron(5/20 * * * ? *)      | 2026-01-01T00:45:00Z | 2026-01-01T01:05:00Z",
                "cron(15 12 ? * MON-FRI *) | 2026-01-02T12:15:00Z | 2026-01-05T12:15:00Z",
                "cron(0 0 ? * FRI-MON *)   | 2026-01-05T00:00:00Z | 2026-01-09T00:00:00Z",
                "cron(0 0 ? * 1 *)         | 2026-01-01T00:00:00Z | 2026-01-04T00:00:00Z",
                "cron(0 0 ? * sun *)       | 2026-01-01T00:00:00Z | 2026-01-04T00:00:00Z",
                "cron(0 22-2 * * ? *)      | 2026-01-01T02:00:00Z | 2026-01-01T22:00:00Z",
                "cron(0 18 L * ? *)        | 2026-02-01T00:00:00Z | 2026-02-28T18:00:00Z",
                "cron(0 8 3W * ? *)        | 2026-01-01T00:00:00Z | 2026-01-02T08:00:00Z",
                "cron(0 8 1W * ? *)        | 2026-07-31T00:00:00Z | 2026-08-03T08:00:00Z",
                "cron(0 8 31W * ? *)       | 2026-05-01T00:00:00Z | 2026-05-29T08:00:00Z",
                "cron(0 8 31W * ? *)       | 2026-06-01T00:00:00Z | 2026-07-31T08:00:00Z",
                "cron(0 8 LW * ? *)        | 2026-01-01T00:00:00Z | 2026-01-30T08:00:00Z",
                "cron(0 0 ? * 6L *)        | 2026-01-01T00:00:00Z | 2026-01-30T00:00:00Z",
                "cron(0 0 ? * L *)         | 2026-01-01T00:00:00Z | 2026-01-03T00:00:00Z",
                "cron(0 0 ? * 3#2 *)       | 2026-01-01T00:00:00Z | 2026-01-13T00:00:00Z",
                "cron(0 0 ? * TUE#2 *)     | 2026-01-01T00:00:00Z | 2026-01-13T00:00:00Z",
                "cron(0 0 ? * 2#5 *)       | 2026-01-01T00:00:00Z | 2026-03-30T00:00:00Z",
                "cron(0 0 29 2 ? *)        | 2026-01-01T00:00:00Z | 2028-02-29T00:00:00Z",
                "cron(0 0 1 JAN ? 2030)    | 2026-01-01T00:00:00Z | 2030-01-01T00:00:00Z",
                "cron(0 0 1 JAN ? 2030)    | 2030-01-01T00:00:00Z |",
                "cron(0 0 1,15 */3 ? *)    | 2026-01-15T00:00:00Z | 2026-04-01T00:00:00Z",
                "0 0 1 * *                 | 2026-01-01T00:00:00Z | 2026-02-01T00:00:00Z",
                "0 0 13 * 5                | 2026-01-01T00:00:00Z | 2026-01-02T00:00:00Z",
                "0 0 13 * 5                | 2026-01-09T00:00:00Z | 2026-01-13T00:00:00Z",
                "0 0 */10 * MON            | 2026-01-01T00:00:00Z | 2026-01-05T00:00:00Z",
                "0 0 * * 7                 | 2026-01-01T00:00:00Z | 2026-01-04T00:00:00Z",
                "0 0 * * 0                 | 2026-01-01T00:00:00Z | 2026-01-04T00:00:00Z",
                "0 0 * * 5-7               | 2026-01-03T00:00:00Z | 2026-01-04T00:00:00Z",
                "*/20 * * * *              | 2026-01-01T00:40:00Z | 2026-01-01T01:00:00Z",
                "@daily                    | 2026-01-01T00:00:00Z | 2026-01-02T00:00:00Z",
                "@weekly                   | 2026-01-01T00:00:00Z | 2026-01-04T00:00:00Z",
                "rate(1 minute)            | 2026-01-01T00:00:30Z | 2026-01-01T00:01:00Z",
                "rate(5 minutes)           | 2025-12-01T00:00:00Z | 2026-01-01T00:05:00Z",
                "rate(7 hours)             | 2026-01-01T07:00:00Z | 2026-01-01T14:00:00Z",
                "rate(1 day)               | 2026-01-01T00:00:00Z | 2026-01-02T00:00:00Z",
                "at(2026-02-01T12:30:45)   | 2026-01-01T00:00:00Z | 2026-02-01T12:30:45Z",
                "at(2026-02-01T12:30:45)   | 2026-02-01T12:30:45Z |"
            })
    void theNextTick(String text, Instant after, Instant expected) {
        assertThat(next(text, "UTC", after)).isEqualTo(Optional.ofNullable(expected));
    }

    /** Gaps: Berlin 29 March 2 to 3, New York 8 March 2 to 3, Lord Howe 4 October 2 to 2:30; repeated: 25 October, 1 November, 5 April. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cron(30 2 * * ? *) | Europe/Berlin       | 2026-03-28T01:30:00Z | 2026-03-30T00:30:00Z",
                "30 2 * * *         | Europe/Berlin       | 2026-03-28T01:30:00Z | 2026-03-30T00:30:00Z",
                "cron(0 3 * * ? *)  | Europe/Berlin       | 2026-03-28T02:00:00Z | 2026-03-29T01:00:00Z",
                "cron(0 * * * ? *)  | Europe/Berlin       | 2026-03-29T00:00:00Z | 2026-03-29T01:00:00Z",
                "cron(30 2 * * ? *) | Europe/Berlin       | 2026-10-24T00:30:00Z | 2026-10-25T00:30:00Z",
                "cron(30 2 * * ? *) | Europe/Berlin       | 2026-10-25T00:30:00Z | 2026-10-26T01:30:00Z",
                "cron(30 2 * * ? *) | Europe/Berlin       | 2026-10-25T01:15:00Z | 2026-10-26T01:30:00Z",
                "cron(0 * * * ? *)  | Europe/Berlin       | 2026-10-25T00:00:00Z | 2026-10-25T02:00:00Z",
                "at(2026-03-29T02:30:00) | Europe/Berlin  | 2026-01-01T00:00:00Z |",
                "at(2026-10-25T02:30:00) | Europe/Berlin  | 2026-01-01T00:00:00Z | 2026-10-25T00:30:00Z",
                "cron(30 2 * * ? *) | America/New_York    | 2026-03-07T07:30:00Z | 2026-03-09T06:30:00Z",
                "cron(30 1 * * ? *) | America/New_York    | 2026-10-31T05:30:00Z | 2026-11-01T05:30:00Z",
                "cron(30 1 * * ? *) | America/New_York    | 2026-11-01T05:30:00Z | 2026-11-02T06:30:00Z",
                "cron(15 2 * * ? *) | Australia/Lord_Howe | 2026-10-02T15:45:00Z | 2026-10-04T15:15:00Z",
                "cron(30 2 * * ? *) | Australia/Lord_Howe | 2026-10-02T16:00:00Z | 2026-10-03T15:30:00Z",
                "cron(45 1 * * ? *) | Australia/Lord_Howe | 2026-04-03T14:45:00Z | 2026-04-04T14:45:00Z",
                "cron(45 1 * * ? *) | Australia/Lord_Howe | 2026-04-04T14:45:00Z | 2026-04-05T15:15:00Z",
                "rate(1 hour)       | Europe/Berlin       | 2026-10-25T00:00:00Z | 2026-10-25T01:00:00Z",
                "rate(1 day)        | Europe/Berlin       | 2026-03-28T00:00:00Z | 2026-03-29T00:00:00Z"
            })
    void aTimeInAGapIsSkippedAndARepeatedOneRunsOnce(String text, String zone, Instant after, Instant expected) {
        assertThat(next(text, zone, after)).isEqualTo(Optional.ofNullable(expected));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cron(0 10 * * * *)     | exactly one of them has to be ?",
                "cron(0 10 ? * ? *)     | exactly one of them has to be ?",
                "cron(0 10 * * ?)       | cron(…) has 5 fields",
                "cron(60 10 * * ? *)    | '60' is no minute: write 0 to 59",
                "cron(0 24 * * ? *)     | '24' is no hour",
                "cron(0 0 32 * ? *)     | '32' is no day of month",
                "cron(0 0 0 * ? *)      | '0' is no day of month",
                "cron(0 0 * 13 ? *)     | '13' is no month: write 1 to 12 or JAN to DEC",
                "cron(0 0 ? * 8 *)      | '8' is no day of week",
                "cron(0 0 ? * 0 *)      | '0' is no day of week",
                "cron(0 0 ? * 3#6 *)    | which of the month it is, 1 to 5",
                "cron(0 0 ? * 3#1,5#2 *)| which of the month it is, 1 to 5",
                "cron(0 0 * * ? 2200)   | '2200' is no year",
                "cron(0/0 0 * * ? *)    | '0/0' is no minute",
                "cron(1//2 0 * * ? *)   | is no minute",
                "cron(, 0 * * ? *)      | is no minute",
                "cron(+1 0 * * ? *)     | '+1' is no minute",
                "rate(1 minutes)        | '1 minutes' is no period",
                "rate(5 minute)         | '5 minute' is no period",
                "rate(0 minutes)        | is no period",
                "rate(5 seconds)        | is no period",
                "at(2026-02-30T00:00:00)| is no time: write yyyy-mm-ddThh:mm:ss",
                "at(2026-02-01)         | is no time",
                "* * * *                | it has 4 fields",
                "5-3 * 1 * 5-3          | '5-3' is no day of week",
                "every day              | it has 2 fields"
            })
    void whatHasNoTicksIsRefusedInWords(String text, String why) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Expressions.parse(text))
                .withMessageStartingWith("The schedule '" + text + "' has no ticks: ")
                .withMessageContaining(why);
    }

    @Test
    void anUnknownZoneIsRefusedInWords() {
        assertThat(Expressions.zone("Europe/Berlin")).isEqualTo(ZoneId.of("Europe/Berlin"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Expressions.zone("Europe/Bärlin"))
                .withMessageStartingWith("'Europe/Bärlin' is no time zone: write");
    }

    private static Optional<Instant> next(String text, String zone, Instant after) {
        Instant begin = Instant.parse("2026-01-01T00:00:00Z");
        return Expressions.parse(text).next(after, zone.equals("UTC") ? ZoneOffset.UTC : ZoneId.of(zone), begin);
    }
}
