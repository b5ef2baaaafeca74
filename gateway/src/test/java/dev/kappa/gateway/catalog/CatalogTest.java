package dev.kappa.gateway.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.gateway.dispatch.VersionKey;
import dev.kappa.gateway.names.FunctionRef;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CatalogTest {
    private final Catalog catalog = new Catalog();

    @BeforeEach
    void fill() {
        catalog.put(new FunctionInfo("default", "hello", 3, 7, "r1", null));
        catalog.put(new VersionInfo("default", "hello", 3, 5, "r3", null));
        catalog.put(new VersionInfo("default", "hello", 4, 5, "r4", null));
        catalog.put(new AliasInfo("default", "hello", "live", 3, 4, 10));
        catalog.put(new AliasInfo("default", "hello", "broken", 9, 9, 0));
    }

    private String resolve(@Nullable String qualifier, double random) {
        return catalog.resolve(new FunctionRef("default", "hello", qualifier), random)
                .map(VersionKey::version)
                .orElse("none");
    }

    @Test
    void resolvesQualifiers() {
        assertThat(resolve(null, 0)).isEqualTo("$LATEST");
        assertThat(resolve("$LATEST", 0)).isEqualTo("$LATEST");
        assertThat(resolve("3", 0)).isEqualTo("3");
        assertThat(resolve("5", 0)).isEqualTo("none");
        assertThat(resolve("broken", 0)).isEqualTo("none");
    }

    @Test
    void drawsTheVersionOfAWeightedAlias() {
        assertThat(resolve("live", 0.0999)).isEqualTo("4");
        assertThat(resolve("live", 0.1)).isEqualTo("3");
        assertThat(resolve("live", 0.9999)).isEqualTo("3");
    }

    @Test
    void forgetsAFunctionWithItsVersions() {
        catalog.remove(new FunctionInfo("default", "hello", 3, null, null, null));

        assertThat(resolve("3", 0)).isEqualTo("none");
        assertThat(catalog.facts(new VersionKey("default", "hello", "3"))).isNull();
    }

    @Test
    void takesReservedConcurrencyFromTheFunction() {
        assertThat(catalog.facts(new VersionKey("default", "hello", "3")))
                .satisfies(facts -> assertThat(facts.reserved()).isEqualTo(7))
                .satisfies(facts -> assertThat(facts.revision()).isEqualTo("r3"));
    }
}
