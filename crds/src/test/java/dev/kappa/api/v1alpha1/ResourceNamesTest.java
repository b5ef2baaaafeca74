package dev.kappa.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResourceNamesTest {
    private static final String LONGEST = "a".repeat(63);

    @ParameterizedTest
    @CsvSource({
        "hello, $LATEST, fn-hello-latest",
        "hello, 3, fn-hello-3",
        "forty-characters-were-the-limit-until-now, $LATEST, fn-forty-characters-were-the-limit-until-now-latest",
        "forty-characters-were-the-limit-until-now, 999999999, fn-forty-characters-were-the-limit-until-now-999999999",
        "53-characters-still-fit-whole-and-are-never-shortened, $LATEST, "
                + "fn-53-characters-still-fit-whole-and-are-never-shortened-latest",
        "54-characters-do-not-fit-so-that-the-name-is-shortened, $LATEST, "
                + "fn-54-characters-do-not-fit-so-that-the--latest-h8eobf4v9",
        "54-characters-do-not-fit-so-that-the-name-is-shortened, 12345678, "
                + "fn-54-characters-do-not-fit-so-that-th-12345678-h8eobf4v9",
    })
    void aDeploymentIsNamedAfterItsVersion(String function, String version, String name) {
        assertThat(ResourceNames.deployment(function, version)).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"$LATEST", "1", "999999999"})
    void aShortenedNameIsADnsLabelOfWhichAPodsNameHoldsTheWhole(String version) {
        for (int length = 1; length <= 63; length++) {
            String name = ResourceNames.deployment(LONGEST.substring(0, length), version);
            assertThat(name).matches("[a-z0-9]([-a-z0-9]*[a-z0-9])?").hasSizeLessThanOrEqualTo(63);
            if (name.matches(".*-h[0-9a-v]{8}")) {
                assertThat(name).hasSize(57);
            }
        }
    }

    @Test
    void longNamesThatDifferAtTheirEndHaveDifferentDeployments() {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            String function = "b".repeat(58) + String.format("%05d", i);
            names.add(ResourceNames.deployment(function, "$LATEST"));
            names.add(ResourceNames.deployment(function, "7"));
        }
        assertThat(names).hasSize(20_000);
    }

    @Test
    void aShortenedNameIsNoOtherFunctions() {
        String shortened = ResourceNames.deployment(LONGEST, "12345678");

        assertThat(shortened).endsWith("-12345678-h" + shortened.substring(shortened.length() - 8));
        // The name that reads most like it has a version that begins with h, which none does.
        assertThat(shortened).doesNotMatch("fn-.*-(latest|[0-9]+)");
    }

    @Test
    void aNameIsTakenApart() {
        assertThat(ResourceNames.function("hello")).isEqualTo("hello");
        assertThat(ResourceNames.qualifier("hello")).isEmpty();
        assertThat(ResourceNames.function(ResourceNames.qualified("hello", "live")))
                .isEqualTo("hello");
        assertThat(ResourceNames.qualifier(ResourceNames.qualified("hello", "live")))
                .contains("live");
        assertThat(ResourceNames.qualifier(ResourceNames.version("hello", 3))).contains("3");
    }
}
