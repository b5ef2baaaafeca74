package dev.kappa.operator.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.lambda.VersionKey;
import dev.kappa.operator.rollout.Alarm.Metric;
import dev.kappa.operator.rollout.Observation.Judgement;
import dev.kappa.wire.DemandReport;
import dev.kappa.wire.DemandReport.Outcomes;
import dev.kappa.wire.DemandReport.VersionDemand;
import dev.kappa.wire.DurationBuckets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OutcomeLedgerTest {
    private static final VersionKey GREEN = new VersionKey("default", "hello", "2");
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final OutcomeLedger ledger = new OutcomeLedger();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void eventsCountFromTheFirstOnWhenTheGatewayWasHeardBefore() {
        ledger.watch(GREEN, now);
        report("g1");
        report("g1", new Outcomes(10, 4, 1, Map.of(3, 10L)));
        report("g1", new Outcomes(15, 4, 1, Map.of(3, 14L, 5, 1L)));

        assertThat(ledger.sum(GREEN, now.minus(MINUTE))).isEqualTo(new Outcomes(15, 4, 1, Map.of(3, 14L, 5, 1L)));
    }

    @Test
    void whatAGatewayCountedBeforeIsOfUnknownAge() {
        ledger.watch(GREEN, now);
        report("g1", new Outcomes(1000, 900, 0, Map.of(3, 1000L)));
        report("g1", new Outcomes(1001, 900, 0, Map.of(3, 1001L)));

        assertThat(ledger.sum(GREEN, now.minus(MINUTE))).isEqualTo(new Outcomes(1, 0, 0, Map.of(3, 1L)));
    }

    @Test
    void aCounterThatBeganAnewAndAnotherOwnerAdd() {
        ledger.watch(GREEN, now);
        report("g1");
        report("g2");
        report("g1", new Outcomes(10, 0, 0, Map.of(3, 10L)));
        report("g2", new Outcomes(5, 5, 0, Map.of(3, 5L)));
        report("g1", new Outcomes(2, 1, 0, Map.of(3, 2L)));

        assertThat(ledger.sum(GREEN, now.minus(MINUTE))).isEqualTo(new Outcomes(17, 6, 0, Map.of(3, 17L)));
    }

    @Test
    void theWindowMovesOn() {
        ledger.watch(GREEN, now);
        report("g1");
        report("g1", new Outcomes(10, 10, 0, Map.of()));
        now = now.plusSeconds(40);
        ledger.watch(GREEN, now);
        report("g1", new Outcomes(10, 10, 0, Map.of()));
        now = now.plusSeconds(40);
        report("g1", new Outcomes(13, 10, 0, Map.of()));

        assertThat(ledger.sum(GREEN, now.minus(MINUTE))).isEqualTo(new Outcomes(3, 0, 0, Map.of()));
        assertThat(ledger.sum(GREEN, now.minus(MINUTE.multipliedBy(2)))).isEqualTo(new Outcomes(13, 10, 0, Map.of()));
    }

    @Test
    void whatOneOfTwoWatchesIsKeptWhenTheOtherEnds() {
        ledger.watch(GREEN, now);
        report("g1");
        report("g1", new Outcomes(10, 10, 0, Map.of()));
        now = now.plusSeconds(40);
        ledger.watch(GREEN, now);
        now = now.plusSeconds(40);
        report("g1", new Outcomes(10, 10, 0, Map.of()));
        assertThat(ledger.sum(GREEN, now.minus(MINUTE.multipliedBy(2))).events())
                .isEqualTo(10);

        now = now.plusSeconds(40);
        report("g1", new Outcomes(10, 10, 0, Map.of()));
        assertThat(ledger.sum(GREEN, now.minus(MINUTE.multipliedBy(3))).events())
                .as("nobody watches any more")
                .isZero();
    }

    @Test
    void alarmsNeedEventsAndThenHoldTheirLimit() {
        Alarm errors = new Alarm(Metric.ERROR_RATE, 1, MINUTE, 50);
        assertThat(errors.judge(new Outcomes(49, 49, 0, Map.of()))).isInstanceOf(Judgement.Silent.class);
        assertThat(errors.judge(new Outcomes(100, 1, 0, Map.of()))).isInstanceOf(Judgement.Fine.class);
        assertThat(errors.judge(new Outcomes(100, 2, 0, Map.of())))
                .isEqualTo(new Judgement.Breached("errorRate is 2.000 % over 100 events within 60 s, above 1.000 %"));

        Alarm throttles = new Alarm(Metric.THROTTLES, 10, MINUTE, 50);
        assertThat(throttles.judge(new Outcomes(40, 0, 10, Map.of()))).isInstanceOf(Judgement.Breached.class);

        Alarm slow = new Alarm(Metric.P99_DURATION, 100, MINUTE, 50);
        int fast = DurationBuckets.of(50_000);
        int late = DurationBuckets.of(200_000);
        assertThat(slow.judge(new Outcomes(1000, 0, 0, Map.of(fast, 995L, late, 5L))))
                .isInstanceOf(Judgement.Fine.class);
        assertThat(slow.judge(new Outcomes(1000, 0, 0, Map.of(fast, 980L, late, 20L))))
                .isInstanceOf(Judgement.Breached.class);
    }

    @Test
    void bucketsAreNineHundredthsWide() {
        for (long micros = 200; micros < 900_000_000L; micros = micros * 5 / 4) {
            long from = DurationBuckets.fromMicros(DurationBuckets.of(micros));
            assertThat((double) micros / from).isBetween(0.99, 1.10);
        }
    }

    private void report(String gateway, Outcomes... outcomes) {
        now = now.plusSeconds(1);
        List<VersionDemand> versions = java.util.Arrays.stream(outcomes)
                .map(it -> new VersionDemand("default", "hello", "2", "r", 0, 0, 0, 0, 0, it, 0, List.of()))
                .toList();
        ledger.observe(new DemandReport(gateway, now.toEpochMilli(), true, versions, List.of(), List.of()), now);
    }
}
