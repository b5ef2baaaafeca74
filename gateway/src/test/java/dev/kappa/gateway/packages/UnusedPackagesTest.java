package dev.kappa.gateway.packages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.stores.packages.StoredPackage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class UnusedPackagesTest {
    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
    private static final StoredPackage OLD = new StoredPackage("default", "a", NOW.minus(Duration.ofDays(30)));

    private final UnusedPackages unused = new UnusedPackages(Duration.ofHours(24));

    @Test
    void aPackageThatNothingNamesGoesAfterTheGracePeriod() {
        assertThat(look(0, OLD)).isEmpty();
        assertThat(look(23, OLD)).isEmpty();
        assertThat(look(24, OLD)).containsExactly(OLD);
    }

    @Test
    void aPackageThatIsNamedStays() {
        look(0, OLD);

        assertThat(unused.look(List.of(OLD), Set.of("default/a"), at(48))).isEmpty();
    }

    @Test
    void aPackageThatWasNamedMeanwhileBeginsItsGracePeriodAgain() {
        look(0, OLD);
        unused.look(List.of(OLD), Set.of("default/a"), at(23));

        assertThat(look(24, OLD)).isEmpty();
        assertThat(look(47, OLD)).isEmpty();
        assertThat(look(48, OLD)).containsExactly(OLD);
    }

    @Test
    void aPackageThatIsUploadedAgainStays() {
        look(0, OLD);
        StoredPackage again = new StoredPackage("default", "a", at(20));

        assertThat(look(25, again)).isEmpty();
        assertThat(look(44, again)).containsExactly(again);
    }

    @Test
    void theSameDigestInAnotherNamespaceIsAnotherPackage() {
        look(0, OLD);

        assertThat(unused.look(List.of(OLD), Set.of("other/a"), at(24))).containsExactly(OLD);
    }

    private List<StoredPackage> look(int hours, StoredPackage stored) {
        return unused.look(List.of(stored), Set.of(), at(hours));
    }

    private static Instant at(int hours) {
        return NOW.plus(Duration.ofHours(hours));
    }
}
