package dev.kappa.operator.workload;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.api.v1alpha1.Function;
import dev.kappa.api.v1alpha1.FunctionStatus;
import dev.kappa.operator.autoscaler.Proofs.Proof;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class PackedStoreTest {
    private static final KubernetesSerialization JSON = new KubernetesSerialization();

    private final PackedStore<Function> store = new PackedStore<>(Function.class, JSON);

    @Test
    void anObjectComesBackAsItWas() {
        Function one = function("one", 1);
        Function two = function("two", 2);

        assertThat(store.put(store.getKey(one), one)).isNull();
        assertThat(store.put(store.getKey(two), two)).isNull();

        assertThat(JSON.asJson(store.get("media/one"))).isEqualTo(JSON.asJson(one));
        assertThat(JSON.asJson(store.get("media/two"))).isEqualTo(JSON.asJson(two));
        assertThat(store.values().map(JSON::asJson).collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(JSON.asJson(one), JSON.asJson(two));
        assertThat(store.size()).isEqualTo(2);
    }

    @Test
    void whoReplacesOrRemovesAnObjectGetsTheOneOfBefore() {
        Function before = function("one", 1);
        Function now = function("one", 2);
        store.put(store.getKey(before), before);

        assertThat(JSON.asJson(store.put(store.getKey(now), now))).isEqualTo(JSON.asJson(before));
        assertThat(JSON.asJson(store.remove("media/one"))).isEqualTo(JSON.asJson(now));
        assertThat(store.remove("media/one")).isNull();
        assertThat(store.get("media/one")).isNull();
        assertThat(store.keySet()).isEmpty();
    }

    @Test
    void aChangeOfWhatWasGivenOutDoesNotReachTheStore() {
        Function function = function("one", 1);
        store.put(store.getKey(function), function);

        requireNonNull(store.get("media/one")).getSpec().handler = "changed";

        assertThat(requireNonNull(store.get("media/one")).getSpec().handler).isEqualTo("app.handler");
    }

    @Test
    void aKeyIsKeptOnceHoweverOftenItsObjectChanges() {
        Function function = function("one", 1);
        String key = store.getKey(function);
        store.put(key, function);

        assertThat(store.getKey(function("one", 2))).isSameAs(key);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4_095, 4_096, 4_097, 40_000, 1_000_000})
    void textsOfEveryLengthComeBack(int length) {
        Packing packing = new Packing();
        byte[] random = new byte[length];
        new Random(length).nextBytes(random);
        byte[] even = "a".repeat(length).getBytes(StandardCharsets.UTF_8);

        byte[] packed = packing.pack(random);
        byte[] other = packing.pack(even);

        assertThat(packing.unpack(packed)).isEqualTo(random);
        assertThat(packing.unpack(other)).isEqualTo(even);
        assertThat(other).hasSizeLessThan(64 + length / 100);
    }

    @Test
    void afterTheFirstAFunctionTakesLittleMoreThanWhatIsItsOwn() {
        Packing packing = new Packing();
        packing.pack(JSON.asJson(function("one", 1)).getBytes(StandardCharsets.UTF_8));

        byte[] text = JSON.asJson(function("two", 2)).getBytes(StandardCharsets.UTF_8);

        assertThat(text).hasSizeGreaterThan(1_400);
        assertThat(packing.pack(text)).hasSizeLessThan(400);
    }

    private static Function function(String name, int seed) {
        Function function = new Function();
        function.getMetadata().setNamespace("media");
        function.getMetadata().setName(name);
        function.getMetadata().setUid(new UUID(seed * 0x9E3779B97F4A7C15L, seed * 0xBF58476D1CE4E5B9L).toString());
        function.getMetadata().setResourceVersion(Integer.toString(4711 * seed));
        function.setSpec(Workloads.spec());
        function.getSpec().code.inline = Map.of("app.py", "def handler(event, context):\n    return '" + name + "'");
        function.setStatus(status(seed));
        return function;
    }

    private static FunctionStatus status(int seed) {
        Instant at = Instant.parse("2026-11-27T10:00:00Z").plusSeconds(seed);
        return WorkloadStatus.of(
                null,
                Workloads.of(Workloads.spec()),
                "r" + seed,
                new DeploymentBuilder().withNewSpec().withReplicas(0).endSpec().build(),
                Optional.of(Proof.heard("r" + seed, null, null)),
                Optional.empty(),
                at);
    }
}
