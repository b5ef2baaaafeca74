package dev.kappa.sources.ticks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.api.v1alpha1.EventSource;
import dev.kappa.sources.MemoryKeys;
import dev.kappa.sources.cluster.Report;
import dev.kappa.sources.invoke.RefusedEventException;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A schedule from tick to tick, with a clock that the test moves; each step is asked for. */
@Timeout(60)
class TickerTest {
    private static final String CREATED = "2026-03-01T12:00:30Z";

    private final MemoryKeys keys = new MemoryKeys();
    /** Wakes nobody: the test does. */
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1) {
        @Override
        public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
            return super.schedule(command, 1, TimeUnit.DAYS);
        }
    };

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    /** Payloads by request id, as the queue keeps them. */
    private final Map<String, String> events = new LinkedHashMap<>();

    private final List<Report> told = new ArrayList<>();
    private Instant now = Instant.parse(CREATED);
    private boolean leads = true;
    private Optional<Exception> refusal = Optional.empty();
    private int sent;

    @AfterEach
    void stop() {
        timer.shutdownNow();
    }

    private Ticker ticker(EventSource source) {
        return new Ticker(
                source,
                new TickTools(
                        keys,
                        (function, id, payload) -> accept(function.name() + " " + payload, id),
                        (it, report) -> told.add(report),
                        () -> leads,
                        () -> now,
                        timer,
                        "us-east-1",
                        namespace -> "000000000000",
                        new TickMeters(meters)));
    }

    private void accept(String event, String id) throws RefusedEventException, IOException {
        sent++;
        if (refusal.isPresent()) {
            switch (refusal.get()) {
                case RefusedEventException refused -> throw refused;
                case IOException broken -> throw broken;
                case Exception other -> throw new AssertionError(other);
            }
        }
        events.putIfAbsent(id, event);
    }

    private static EventSource source(String schedule, long generation, String editedAt, String more) {
        return Serialization.unmarshal(
                """
                apiVersion: kappa.dev/v1alpha1
                kind: EventSource
                metadata:
                  name: nightly
                  namespace: default
                  uid: u1
                  generation: GENERATION
                  creationTimestamp: CREATED
                  managedFields:
                    - {manager: kubectl, operation: Apply, time: EDITED}
                    - {manager: kappa-sources, operation: Apply, subresource: status, time: '2030-01-01T00:00:00Z'}
                spec:
                  function: report.live
                  MORE
                  schedule: {expression: 'SCHEDULE', input: '{"a":1}'}
                """.replace("GENERATION", String.valueOf(generation))
                        .replace("CREATED", "'" + CREATED + "'")
                        .replace("EDITED", "'" + editedAt + "'")
                        .replace("SCHEDULE", schedule)
                        .replace("MORE", more),
                EventSource.class);
    }

    private static EventSource source(String schedule) {
        return source(schedule, 1, CREATED, "");
    }

    private void at(String time, Ticker ticker) {
        now = Instant.parse(time);
        ticker.step();
    }

    private Report last() {
        return told.getLast();
    }

    @Test
    void eachTickHasOneEventAndTheStatusNamesTheNext() {
        Ticker ticker = ticker(source("* * * * *"));

        at(CREATED, ticker);
        assertThat(events).isEmpty();
        assertThat(last().progress().nextTick()).contains(Instant.parse("2026-03-01T12:01:00Z"));
        at("2026-03-01T12:01:00Z", ticker);
        at("2026-03-01T12:01:20Z", ticker);
        at("2026-03-01T12:02:00Z", ticker);

        assertThat(events.values()).containsExactly("report {\"a\":1}", "report {\"a\":1}");
        assertThat(last().ready()).isTrue();
        assertThat(last().progress().lastTick()).contains(Instant.parse("2026-03-01T12:02:00Z"));
        assertThat(last().progress().result()).contains("Accepted");
    }

    @Test
    void theNextLeaderGoesOnWhereTheLastOneWas() {
        Ticker first = ticker(source("* * * * *"));
        at(CREATED, first);
        at("2026-03-01T12:01:00Z", first);
        first.stop();

        at("2026-03-01T12:01:10Z", ticker(source("* * * * *")));
        assertThat(sent).isEqualTo(1);
        at("2026-03-01T12:04:10Z", ticker(source("* * * * *")));

        assertThat(sent).as("the latest of three that were missed").isEqualTo(2);
        assertThat(last().progress().lastTick()).contains(Instant.parse("2026-03-01T12:04:00Z"));
        assertThat(last().progress().result()).contains("Accepted, after 2 that were missed");
    }

    @Test
    void aTickOfWhichNobodyKnowsWhetherItWasWrittenIsSentAgainWithItsId() {
        Ticker ticker = ticker(source("* * * * *"));
        at(CREATED, ticker);
        keys.lost = 1;
        at("2026-03-01T12:01:00Z", ticker);
        at("2026-03-01T12:01:01Z", ticker);
        refusal = Optional.of(new IOException("reset"));
        at("2026-03-01T12:02:00Z", ticker);
        refusal = Optional.empty();
        at("2026-03-01T12:02:01Z", ticker);

        assertThat(events).hasSize(2);
        assertThat(last().ready()).isTrue();
    }

    @Test
    void whoDoesNotLeadSendsNothing() {
        Ticker ticker = ticker(source("* * * * *"));
        at(CREATED, ticker);
        leads = false;
        at("2026-03-01T12:01:00Z", ticker);
        assertThat(sent).isZero();

        Ticker other = ticker(source("* * * * *"));
        leads = true;
        at("2026-03-01T12:01:00Z", other);
        at("2026-03-01T12:01:00Z", ticker);

        assertThat(events).hasSize(1);
    }

    @Test
    void aRefusedTickIsNotSkippedAndTheConditionSaysWhy() {
        Ticker ticker = ticker(source("* * * * *"));
        at(CREATED, ticker);
        refusal =
                Optional.of(new RefusedEventException(404, "ResourceNotFoundException", "Function not found: report"));
        at("2026-03-01T12:01:00Z", ticker);

        assertThat(last().ready()).isFalse();
        assertThat(last().reason()).isEqualTo("ResourceNotFound");
        assertThat(last().message()).contains("Function not found: report");
        refusal = Optional.empty();
        at("2026-03-01T12:01:30Z", ticker);
        assertThat(events).hasSize(1);
        assertThat(last().reason()).isEqualTo("Scheduled");
    }

    @Test
    void anEditNeitherLosesNorDoublesATick() {
        Ticker ticker = ticker(source("* * * * *"));
        at(CREATED, ticker);
        // Written a moment after a tick that nobody has looked at yet.
        EventSource edited = source("*/5 * * * *", 2, "2026-03-01T12:01:00Z", "");
        now = Instant.parse("2026-03-01T12:01:00.300Z");
        replace(ticker, edited);
        assertThat(events).hasSize(1);

        at("2026-03-01T12:04:59Z", ticker);
        assertThat(events).hasSize(1);
        at("2026-03-01T12:05:00Z", ticker);
        assertThat(events).hasSize(2);
    }

    @Test
    void whatAnEditWouldHaveHadBeforeItIsNotMadeUpFor() {
        Ticker ticker = ticker(source("at(2030-01-01T00:00:00)"));
        at(CREATED, ticker);
        now = Instant.parse("2026-03-01T12:10:10Z");
        replace(ticker, source("* * * * *", 2, "2026-03-01T12:10:05Z", ""));

        assertThat(events).isEmpty();
        at("2026-03-01T12:11:00Z", ticker);
        assertThat(events).hasSize(1);
    }

    @Test
    void aPausedScheduleHasNoTicksAndMakesUpForNone() {
        Ticker ticker = ticker(source("* * * * *"));
        at(CREATED, ticker);
        now = Instant.parse("2026-03-01T12:00:40Z");
        replace(ticker, source("* * * * *", 2, "2026-03-01T12:00:40Z", "enabled: false"));
        assertThat(last().enabled()).isFalse();
        assertThat(last().reason()).isEqualTo("Disabled");
        at("2026-03-01T12:03:00Z", ticker);

        now = Instant.parse("2026-03-01T12:05:20Z");
        replace(ticker, source("* * * * *", 3, "2026-03-01T12:05:20Z", ""));

        assertThat(events).isEmpty();
        at("2026-03-01T12:06:00Z", ticker);
        assertThat(events).hasSize(1);
    }

    @Test
    void whatIsNoScheduleIsNamed() {
        Ticker ticker = ticker(source("* * * *"));
        at(CREATED, ticker);

        assertThat(last().ready()).isFalse();
        assertThat(last().reason()).isEqualTo("InvalidSchedule");
        assertThat(last().message()).contains("* * * *").contains("4 fields");
    }

    @Test
    void oneTimeIsCompletedAfterItsTick() {
        Ticker ticker = ticker(source("at(2026-03-01T12:00:40)"));
        at(CREATED, ticker);
        at("2026-03-01T12:00:41Z", ticker);

        assertThat(events).hasSize(1);
        assertThat(last().reason()).isEqualTo("Completed");
    }

    private static void replace(Ticker ticker, EventSource edited) {
        assertThat(ticker.take(edited)).isTrue();
        ticker.step();
    }
}
