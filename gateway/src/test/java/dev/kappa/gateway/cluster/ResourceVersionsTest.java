package dev.kappa.gateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.api.v1alpha1.Code;
import dev.kappa.api.v1alpha1.Function;
import dev.kappa.api.v1alpha1.FunctionSpec;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ResourceVersionsTest {
    private final ResourceVersions<Function> store = new ResourceVersions<>(Function::new);

    @Test
    void whatWasBeforeIsKnownByNameAndVersionOnly() {
        Function first = function("1");
        assertThat(store.put(store.getKey(first), first)).isNull();

        Function before = Objects.requireNonNull(store.put(store.getKey(first), function("2")));

        assertThat(before.getMetadata().getResourceVersion()).isEqualTo("1");
        assertThat(store.values()).singleElement().satisfies(kept -> {
            assertThat(kept.getMetadata().getNamespace()).isEqualTo("media");
            assertThat(kept.getMetadata().getName()).isEqualTo("hello");
            assertThat(kept.getMetadata().getResourceVersion()).isEqualTo("2");
            assertThat(kept.getSpec()).isNull();
        });
    }

    @Test
    void whatIsGoneIsForgotten() {
        Function function = function("1");
        store.put(store.getKey(function), function);

        assertThat(store.remove("media/hello")).isNotNull();
        assertThat(store.remove("media/hello")).isNull();
        assertThat(store.size()).isZero();
        assertThat(store.keySet()).isEmpty();
        assertThat(store.get("media/hello")).isNull();
    }

    private static Function function(String resourceVersion) {
        Function function = new Function();
        function.getMetadata().setNamespace("media");
        function.getMetadata().setName("hello");
        function.getMetadata().setResourceVersion(resourceVersion);
        FunctionSpec spec = new FunctionSpec();
        spec.code = new Code();
        spec.code.inline = Map.of("app.py", "x".repeat(1_000_000));
        function.setSpec(spec);
        return function;
    }
}
