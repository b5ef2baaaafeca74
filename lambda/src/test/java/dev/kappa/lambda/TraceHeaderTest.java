package dev.kappa.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TraceHeaderTest {
    private static String chain(int runs, String... functions) {
        String header = TraceHeader.next(null, functions[0], 0x5759e988);
        for (int i = 1; i < runs; i++) {
            header = TraceHeader.next(header, functions[i % functions.length], 0x5759e988);
        }
        return header;
    }

    @Test
    void theFirstOfAChainGetsAHeaderLikeXRays() {
        assertThat(chain(1, "media/a"))
                .matches("Root=1-5759e988-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0;Lineage=[0-9a-f]{8}:1");
        assertThat(chain(1, "media/a")).isNotEqualTo(chain(1, "media/a"));
    }

    @Test
    void aCallersOwnHeaderStays() {
        assertThat(TraceHeader.next("Root=1-a-b;Sampled=1", "media/a", 0)).startsWith("Root=1-a-b;Sampled=1;Lineage=");
        assertThat(TraceHeader.next("Root=1-a-b;Lineage=00000001:3;Sampled=1", "media/a", 0))
                .matches("Root=1-a-b;Lineage=00000001:3\\|[0-9a-f]{8}:1;Sampled=1");
    }

    @Test
    void aFunctionThatCallsItselfIsEnded() {
        String header = chain(16, "media/a");

        assertThatThrownBy(() -> TraceHeader.next(header, "media/a", 0))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("recursive loop");
        assertThatCode(() -> TraceHeader.next(header, "media/b", 0)).doesNotThrowAnyException();
    }

    @Test
    void aCircleOfFunctionsIsEndedToo() {
        String header = chain(32, "media/a", "media/b");

        assertThatThrownBy(() -> TraceHeader.next(header, "media/a", 0)).isInstanceOf(RefusedException.class);
    }

    @Test
    void aLongChainDoesNotGrowForEver() {
        String[] functions = new String[200];
        for (int i = 0; i < functions.length; i++) {
            functions[i] = "media/f" + i;
        }

        assertThat(chain(200, functions)).hasSizeLessThan(400);
    }

    @Test
    void nonsenseCountsAsNothing() {
        String id = chain(1, "media/a").replaceAll(".*Lineage=|:1", "");

        assertThat(TraceHeader.next("Lineage=||x|" + id + ":many|" + id + ":-5", "media/a", 0))
                .isEqualTo("Lineage=x|" + id + ":1");
    }
}
