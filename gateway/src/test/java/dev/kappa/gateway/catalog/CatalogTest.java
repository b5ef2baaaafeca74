package dev.kappa.gateway.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.lambda.FunctionKey;
import dev.kappa.lambda.FunctionRef;
import dev.kappa.lambda.VersionKey;
import dev.kappa.stores.events.QueueKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
        catalog.put(new AliasInfo("default", "hello", "live", 3, 4, 10, "X-Caller"));
        catalog.put(new AliasInfo("default", "hello", "broken", 9, 9, 0, null));
        catalog.put(new AliasInfo("default", "hello", "newest", AliasInfo.LATEST, AliasInfo.LATEST, 0, null));
    }

    private String resolve(@Nullable String qualifier) {
        return resolve(qualifier, null);
    }

    private String resolve(@Nullable String qualifier, @Nullable String caller) {
        return catalog.resolve(
                        new FunctionRef("default", "hello", qualifier),
                        header -> header.equals("X-Caller") ? caller : null)
                .map(VersionKey::version)
                .orElse("none");
    }

    @Test
    void resolvesQualifiers() {
        assertThat(resolve(null)).isEqualTo("$LATEST");
        assertThat(resolve("$LATEST")).isEqualTo("$LATEST");
        assertThat(resolve("3")).isEqualTo("3");
        assertThat(resolve("5")).isEqualTo("none");
        assertThat(resolve("broken")).isEqualTo("none");
        assertThat(resolve("newest")).isEqualTo("$LATEST");
    }

    @Test
    void keepsTheWeightsOfAnAliasOverAnyStretchOfEvents() {
        for (int stretch = 0; stretch < 20; stretch++) {
            int additional = 0;
            for (int i = 0; i < 1000; i++) {
                additional += resolve("live").equals("4") ? 1 : 0;
            }

            assertThat(additional).isBetween(95, 105);
        }
    }

    @Test
    void keepsACallerWithItsVersionWhileTheWeightGrows() {
        Set<String> moved = new HashSet<>();
        for (int weight = 10; weight <= 100; weight += 10) {
            catalog.put(new AliasInfo("default", "hello", "live", 3, 4, weight, "X-Caller"));
            for (int caller = 0; caller < 1000; caller++) {
                if (resolve("live", "caller-" + caller).equals("4")) {
                    moved.add("caller-" + caller);
                } else {
                    assertThat(moved).doesNotContain("caller-" + caller);
                }
            }
            assertThat(moved.size()).isBetween(weight * 10 - 50, weight * 10 + 50);
        }
    }

    @Test
    void forgetsAFunctionWithItsVersions() {
        catalog.removeFunction(new FunctionKey("default", "hello"));

        assertThat(resolve("3")).isEqualTo("none");
        assertThat(catalog.config(new VersionKey("default", "hello", "3"))).isNull();
    }

    @Test
    void takesReservedConcurrencyFromTheFunction() {
        assertThat(catalog.config(new VersionKey("default", "hello", "3")))
                .satisfies(facts -> assertThat(facts.reserved()).isEqualTo(7))
                .satisfies(facts -> assertThat(facts.revision()).isEqualTo("r3"));
    }

    @Test
    void aFunctionThatIsAppliedAgainAfterItsDeletionIsAnotherOne() {
        FunctionKey key = new FunctionKey("default", "again");
        List<FunctionKey> gone = new ArrayList<>();
        Catalog catalog = new Catalog();
        catalog.onGone(gone::add);

        catalog.put(new FunctionInfo(
                "default", "again", 3, null, "r1", null, null, null, null, Integer.MAX_VALUE, "first"));
        catalog.put(new FunctionInfo(
                "default", "again", 4, null, "r2", null, null, null, null, Integer.MAX_VALUE, "first"));
        assertThat(gone).isEmpty();
        catalog.put(new FunctionInfo(
                "default", "again", 3, null, "r1", null, null, null, null, Integer.MAX_VALUE, "second"));

        assertThat(gone).containsExactly(key);
        assertThat(catalog.uid(key)).isEqualTo("second");
        assertThat(catalog.has(new QueueKey(key, "first"))).isFalse();
        assertThat(catalog.has(new QueueKey(key, "second"))).isTrue();
        assertThat(catalog.has(new QueueKey(key, "")))
                .describedAs("a queue of 0.1.0")
                .isTrue();

        catalog.removeFunction(key);

        assertThat(gone).containsExactly(key, key);
        assertThat(catalog.has(new QueueKey(key, "second"))).isFalse();
    }
}
