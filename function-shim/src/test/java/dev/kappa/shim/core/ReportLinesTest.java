package dev.kappa.shim.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReportLinesTest {
    @ParameterizedTest
    @ValueSource(longs = {0, 4, 5, 9, 10, 14, 15, 94, 95, 994, 995, 999, 1_000, 1_004, 1_005, 12_345, 900_000_000})
    void durationsAreAsFormattersWriteThem(long us) {
        assertThat(ReportLines.hundredths(new StringBuilder(), us, 1_000).toString())
                .isEqualTo(String.format(Locale.ROOT, "%.2f", us / 1_000.0));
    }
}
