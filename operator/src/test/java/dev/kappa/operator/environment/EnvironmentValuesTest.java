package dev.kappa.operator.environment;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.api.v1alpha1.EnvironmentVariable;
import dev.kappa.api.v1alpha1.EnvironmentVariable.KeyReference;
import dev.kappa.api.v1alpha1.EnvironmentVariable.ValueFrom;
import dev.kappa.api.v1alpha1.FunctionSpec;
import dev.kappa.lambda.VersionKey;
import dev.kappa.operator.environment.EnvironmentValues.Held;
import dev.kappa.operator.environment.Source.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class EnvironmentValuesTest {
    private static final VersionKey ID = new VersionKey("media", "thumbnails", "3");
    private static final Source SECRET = new Source(Kind.SECRET, "media", "s");
    private static final Source MAP = new Source(Kind.CONFIG_MAP, "media", "m");

    private final Map<Source, Held> cluster = new HashMap<>();
    private final List<Source> read = new ArrayList<>();
    private final List<VersionKey> told = new ArrayList<>();
    private final EnvironmentValues values = new EnvironmentValues("secret", source -> {
        read.add(source);
        return cluster.getOrDefault(source, Held.NOTHING);
    });

    private static EnvironmentVariable variable(String name, boolean secret, String object, String key) {
        EnvironmentVariable variable = new EnvironmentVariable();
        variable.name = name;
        variable.valueFrom = new ValueFrom();
        KeyReference reference = new KeyReference();
        reference.name = object;
        reference.key = key;
        if (secret) {
            variable.valueFrom.secretKeyRef = reference;
        } else {
            variable.valueFrom.configMapKeyRef = reference;
        }
        return variable;
    }

    private static FunctionSpec both() {
        FunctionSpec spec = new FunctionSpec();
        spec.environment = List.of(variable("PASSWORD", true, "s", "k"), variable("STAGE", false, "m", "k"));
        return spec;
    }

    private void put(Source source, String version, String... keysAndValues) {
        Map<String, byte[]> held = new TreeMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            held.put(keysAndValues[i], keysAndValues[i + 1].getBytes(UTF_8));
        }
        cluster.put(source, new Held(version, held));
        values.seen(source, version, told::add);
    }

    @Test
    void aChangedValueChangesTheDigestAndIsTold() {
        put(SECRET, "1", "k", "old", "other", "a");
        put(MAP, "1", "k", "prod");
        Values before = values.of(ID, both());
        assertThat(before.missing()).isNull();
        assertThat(before.digest()).hasSize(16);
        assertThat(told).isEmpty();

        put(SECRET, "2", "k", "new", "other", "a");

        assertThat(told).containsExactly(ID);
        assertThat(values.of(ID, both()).digest()).isNotEqualTo(before.digest());
        put(SECRET, "3", "k", "old", "other", "changed");
        assertThat(values.of(ID, both())).as("another key").isEqualTo(before);
    }

    @Test
    void whatDoesNotChangeIsReadOnceAndWhatNobodyNamesNever() {
        put(SECRET, "1", "k", "v");
        put(MAP, "1", "k", "v");
        put(new Source(Kind.SECRET, "media", "other"), "1", "k", "v");
        values.of(ID, both());
        values.seen(SECRET, "1", told::add);
        values.of(ID, both());

        assertThat(read).containsExactly(SECRET, MAP);
        assertThat(told).isEmpty();
        values.retain(id -> false);
        put(SECRET, "2", "k", "v");
        assertThat(told).as("nobody names it any more").isEmpty();
    }

    @Test
    void aChangeBetweenTheReadingAndItsWatchIsReadAgain() {
        put(MAP, "1", "k", "v");
        put(SECRET, "1", "k", "old");
        String before = values.of(ID, both()).digest();
        // The watch is ahead of what was read.
        values.seen(SECRET, "2", told::add);
        assertThat(values.of(ID, both()).digest()).isEqualTo(before);
        cluster.put(SECRET, new Held("2", Map.of("k", "new".getBytes(UTF_8))));

        assertThat(values.of(ID, both()).digest()).isNotEqualTo(before);
    }

    @Test
    void whatIsMissingIsNamed() {
        assertThat(values.of(ID, both()).missing())
                .isEqualTo("Secret s of namespace media, which the variable PASSWORD needs, does not exist");
        put(SECRET, "1", "k", "v");
        put(MAP, "1", "other", "v");
        assertThat(told).as("of each once").containsExactly(ID, ID);
        assertThat(values.of(ID, both()).missing())
                .isEqualTo("ConfigMap m of namespace media has no key k, which the variable STAGE needs");
        put(MAP, "2", "k", "v");
        Values there = values.of(ID, both());
        assertThat(there.missing()).isNull();

        cluster.remove(SECRET);
        values.seen(SECRET, null, told::add);

        assertThat(told).hasSize(4);
        assertThat(values.of(ID, both()).missing()).startsWith("Secret s ");
        put(SECRET, "3", "k", "v");
        assertThat(values.of(ID, both())).as("made anew with the same value").isEqualTo(there);
    }

    @Test
    void theDigestTellsNobodyTheValueWhoLacksTheKey() {
        put(SECRET, "1", "k", "v");
        put(MAP, "1", "k", "v");
        EnvironmentValues others =
                new EnvironmentValues("another", source -> cluster.getOrDefault(source, Held.NOTHING));

        assertThat(others.of(ID, both()).digest())
                .isNotEqualTo(values.of(ID, both()).digest());
    }

    @Test
    void whatMayNotBeReadIsNeitherFollowedNorMissing() {
        EnvironmentValues blind = new EnvironmentValues("secret", source -> Held.UNREADABLE);

        assertThat(blind.of(ID, both()).missing()).isNull();
        assertThat(values.of(ID, new FunctionSpec())).isEqualTo(Values.NONE);
    }
}
