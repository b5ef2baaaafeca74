package dev.kappa.gateway.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.gateway.dispatch.Answer;
import dev.kappa.lambda.VersionKey;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class MetersTest {
    private static final VersionKey HELLO = new VersionKey("default", "hello", "1");
    private static final VersionKey OTHER = new VersionKey("default", "other", "1");
    private static final String COUNT = "kappa_gateway_invocation_seconds_count{";

    private long nowMs = 1_000_000;
    private final Meters meters = new Meters(() -> nowMs);

    @Test
    void aVersionThatTakesNoEventsCostsNoTimeSeries() {
        meters.ended(HELLO, new Answer.Moved(), 3);
        nowMs += 60_000;
        meters.ended(OTHER, new Answer.Moved(), 3);

        meters.forget(60_000);

        assertThat(meters.text()).contains("function=\"other\"").doesNotContain("function=\"hello\"");
        meters.ended(HELLO, new Answer.Moved(), 3);
        assertThat(meters.text().lines().filter(line -> line.startsWith(COUNT)))
                .as("it is counted anew once it takes events again")
                .hasSize(2)
                .allMatch(line -> line.endsWith(" 1"));
    }

    @Test
    void aVersionCostsAFewTimeSeriesOnly() {
        meters.ended(HELLO, new Answer.Moved(), 3);

        assertThat(meters.text().lines().filter(line -> line.startsWith("kappa_gateway_invocation_seconds")))
                .hasSizeLessThanOrEqualTo(21);
    }
}
