package dev.kappa.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrustedProxiesTest {
    private final TrustedProxies proxies = new TrustedProxies(List.of("10.0.0.0/8", "192.0.2.7", "fd00::/9"));

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            203.0.113.9 | 198.51.100.1               | 203.0.113.9
            10.0.0.1    | 198.51.100.1               | 198.51.100.1
            10.0.0.1    | 8.8.8.8, 198.51.100.1      | 198.51.100.1
            10.0.0.1    | 8.8.8.8, 198.51.100.1, 10.9.9.9 | 198.51.100.1
            10.0.0.1    | 8.8.8.8;198.51.100.1, 192.0.2.7 | 198.51.100.1
            10.0.0.1    | 198.51.100.1, nonsense, 10.9.9.9 | 10.9.9.9
            10.0.0.1    | localhost                  | 10.0.0.1
            10.0.0.1    | 10.0.0.2, 10.0.0.3         | 10.0.0.2
            10.0.0.1    | -                          | 10.0.0.1
            192.0.2.8   | 198.51.100.1               | 192.0.2.8
            fd7f::1     | 2001:db8::1                | 2001:db8:0:0:0:0:0:1
            fd80::1     | 2001:db8::1                | fd80::1
            """)
    void theCallerIsTheLastOneThatIsNoTrustedProxy(String peer, String forwarded, String caller) {
        List<String> headers = forwarded == null ? List.of() : Arrays.asList(forwarded.split(";"));

        assertThat(proxies.caller(peer, headers)).isEqualTo(caller);
    }

    @Test
    void withoutProxiesTheHeaderSaysNothing() {
        assertThat(new TrustedProxies(List.of()).caller("10.0.0.1", List.of("198.51.100.1")))
                .isEqualTo("10.0.0.1");
    }

    @Test
    void aNameOrANonsensicalRangeIsRefused() {
        for (String range : List.of("localhost/8", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "fd00::/129")) {
            assertThatThrownBy(() -> new TrustedProxies(List.of(range)))
                    .as(range)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
