package dev.kappa.bench.scale;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ScaleTest {
    @Test
    void sizesArePowersOfTenUpToTheOneAskedFor() {
        assertThat(Main.sizes(1)).containsExactly(1);
        assertThat(Main.sizes(100)).containsExactly(1, 100);
        assertThat(Main.sizes(2500)).containsExactly(1, 100, 1000, 2500);
        assertThat(Main.sizes(10_000)).containsExactly(1, 100, 1000, 10_000);
    }

    @Test
    void requestsAreCountedByVerbAndResourceWithoutWatches() {
        ApiRequests before = ApiRequests.of(series("PATCH", "200", "scale", "3"));
        ApiRequests after = ApiRequests.of(series("PATCH", "200", "scale", "5")
                + series("PATCH", "409", "scale", "2")
                + series("WATCH", "200", "", "9")
                + series("GET", "200", "", "1.5e+01"));

        ApiRequests between = after.since(before);

        assertThat(between.total()).isEqualTo(19);
        assertThat(between.each(2)).isEqualTo("get deployments 7.5, patch deployments/scale 2.0");
    }

    @Test
    void aFigureThatIsMissingLeavesItsColumnEmpty() {
        Table table = new Table();
        table.put("one", 1, "a");
        table.put("two", 100, "b");

        assertThat(table).hasToString("""
                | functions | 1 | 100 |
                |---|---|---|
                | one | a |  |
                | two |  | b |""");
    }

    private static String series(String verb, String code, String sub, String count) {
        return "apiserver_request_total{code=\"" + code
                + "\",component=\"apiserver\",resource=\"deployments\",subresource=\"" + sub + "\",verb=\"" + verb
                + "\",version=\"v1\"} " + count + "\n";
    }
}
