package dev.kappa.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class EnvironmentTest {
    private static Environment of(String value) {
        return new Environment("kappa-gateway", Map.of("KAPPA_X", value));
    }

    private static void refused(ThrowingCallable read, String why) {
        assertThatThrownBy(read)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("KAPPA_X")
                .hasMessageContaining(why)
                .hasMessageContaining("Deployment kappa-gateway");
    }

    @Test
    void whatIsNotSetOrBlankIsTheDefault() {
        Environment blank = of(" ");

        assertThat(blank.text("KAPPA_X", "a")).isEqualTo("a");
        assertThat(blank.positive("KAPPA_X", 3)).isEqualTo(3);
        assertThat(blank.positive("KAPPA_Y", 3L)).isEqualTo(3);
        assertThat(blank.atLeast("KAPPA_X", 2, 1)).isEqualTo(2);
        assertThat(blank.list("KAPPA_X")).isEmpty();
        assertThat(blank.address("KAPPA_X", "http://a:1")).isEqualTo(URI.create("http://a:1"));
    }

    @Test
    void valuesAreReadWithoutSpaceAroundThem() {
        assertThat(of(" 7 ").positive("KAPPA_X", 1)).isEqualTo(7);
        assertThat(of("a, b,,").list("KAPPA_X")).containsExactly("a", "b");
        assertThat(of("nats://n:4222").address("KAPPA_X", "http://a:1")).isEqualTo(URI.create("nats://n:4222"));
    }

    @Test
    void whatIsMissingIsRefusedByName() {
        refused(() -> of("").required("KAPPA_X"), "is not set");
    }

    @Test
    void whatIsMalformedIsRefusedByName() {
        refused(() -> of("many").positive("KAPPA_X", 1), "a whole number above 0, but is 'many'");
        refused(() -> of("0").positive("KAPPA_X", 1L), "above 0");
        refused(() -> of("3000000000").positive("KAPPA_X", 1), "2147483647");
        refused(() -> of("0.5").atLeast("KAPPA_X", 4, 1), "at least 1.0");
        refused(() -> of("NaN").atLeast("KAPPA_X", 4, 1), "at least 1.0");
        refused(() -> of("no address").address("KAPPA_X", "http://a:1"), "an address such as http://a:1");
        refused(() -> of("a:1").address("KAPPA_X", "http://a:1"), "an address");
    }
}
