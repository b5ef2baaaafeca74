package dev.kappa.sources.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BatchLimitsTest {
    private static final int SIX_MEGABYTES = 6 * 1024 * 1024;
    private static final BatchLimits LIMITS = BatchLimits.of(10_000, Duration.ZERO);

    @Test
    void aBatchHasSixMegabytesOfTheEventAtMost() {
        // {"Records":[a,b]} and no byte more.
        int half = (SIX_MEGABYTES - 14 - 1) / 2;
        int rest = SIX_MEGABYTES - 14 - 1 - half;
        assertThat(LIMITS.fitting(List.of(sized(half), sized(rest), sized(2)), 0))
                .isEqualTo(2);
        assertThat(LIMITS.fitting(List.of(sized(half), sized(rest + 1)), 0)).isEqualTo(1);
        String event = Stream.of(sized(half), sized(rest))
                .map(SourceRecord::event)
                .collect(java.util.stream.Collectors.joining(",", "{\"Records\":[", "]}"));
        assertThat(event.getBytes(StandardCharsets.UTF_8)).hasSize(SIX_MEGABYTES);
    }

    @Test
    void theStateOfAWindowCounts() {
        List<SourceRecord> records = List.of(sized(1000), sized(SIX_MEGABYTES - 14 - 1 - 1000 - 50));

        assertThat(LIMITS.fitting(records, 50)).isEqualTo(2);
        assertThat(LIMITS.fitting(records, 51)).isEqualTo(1);
    }

    @Test
    void bytesAreCountedAndNotCharacters() {
        SourceRecord umlauts = SourceRecord.of("1", "", Shard.START, "\"" + "ä".repeat(10) + "\"", "{}");

        assertThat(umlauts.bytes()).isEqualTo(22);
    }

    @Test
    void aRecordTooLargeForAnEventGoesAlone() {
        assertThat(LIMITS.fitting(List.of(sized(SIX_MEGABYTES + 1), sized(2)), 0))
                .isEqualTo(1);
        assertThat(LIMITS.fitting(List.of(sized(2), sized(SIX_MEGABYTES + 1)), 0))
                .isEqualTo(1);
    }

    @Test
    void aBatchThatIsFullByBytesDoesNotWait() {
        BatchLimits waits = BatchLimits.of(10, Duration.ofMinutes(5));
        List<SourceRecord> records = List.of(sized(SIX_MEGABYTES - 20), sized(20));

        assertThat(waits.isDue(records, waits.fitting(records, 0), Shard.START, Shard.START))
                .isTrue();
        assertThat(waits.isDue(records.subList(0, 1), 1, Shard.START, Shard.START))
                .isFalse();
    }

    private static SourceRecord sized(int bytes) {
        return SourceRecord.of("1", "", Shard.START, "\"" + "x".repeat(bytes - 2) + "\"", "{}");
    }
}
