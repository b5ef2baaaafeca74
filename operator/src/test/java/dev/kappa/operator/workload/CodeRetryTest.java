package dev.kappa.operator.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.api.v1alpha1.FunctionStatus;
import dev.kappa.operator.code.CodeResult.Missing;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class CodeRetryTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void pausesDoubleUpToACapAndNeverEnd() {
        FunctionStatus status = missing("PackageStoreUnavailable");
        Instant now = START;
        for (int seconds : new int[] {1, 1, 2, 4, 8, 16, 30, 30, 30}) {
            assertThat(CodeRetry.pause(status, now)).isEqualTo(Duration.ofSeconds(seconds));
            now = now.plusSeconds(seconds);
            status = WorkloadStatus.of(status, 1L, new Missing("PackageStoreUnavailable", "no"), now);
        }
        assertThat(CodeRetry.pause(status, now.plus(Duration.ofDays(9)))).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void onlyTheStoresOwnFailuresWaitForIt() {
        assertThat(CodeRetry.waitsForStore(missing("PackageStoreUnavailable"))).isTrue();
        assertThat(CodeRetry.waitsForStore(missing("PackageNotFound"))).isFalse();
        assertThat(CodeRetry.waitsForStore(null)).isFalse();
    }

    private static FunctionStatus missing(String reason) {
        return WorkloadStatus.of(null, 1L, new Missing(reason, "no"), START);
    }
}
