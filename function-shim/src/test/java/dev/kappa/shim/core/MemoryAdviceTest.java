package dev.kappa.shim.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MemoryAdviceTest {
    @Test
    void aKilledProcessIsAMatterOfMemory() {
        assertThat(MemoryAdvice.of(settings("process", 1), 137))
                .isEqualTo(" (most likely for its memory, 128 MiB: raise spec.memory)");
        assertThat(MemoryAdvice.of(settings("process", 1), 1)).isEmpty();
    }

    @Test
    void oneProcessForEachEventIsNamed() {
        assertThat(MemoryAdvice.of(settings("process", 9), 137))
                .contains("128 MiB for 9 processes, one for each event at once")
                .contains("raise spec.memory, or lower spec.concurrency.perInstance");
        assertThat(MemoryAdvice.ofSlowInit(settings("process", 9))).contains("9 processes");
        assertThat(MemoryAdvice.ofSlowInit(settings("process", 1))).isEmpty();
    }

    @Test
    void aSharedProcessIsOneWhateverTheConcurrency() {
        assertThat(MemoryAdvice.of(settings("shared", 9), 137)).doesNotContain("processes");
        assertThat(MemoryAdvice.ofSlowInit(settings("shared", 9))).isEmpty();
    }

    private static Settings settings(String kind, int perInstance) {
        Map<String, String> env = new HashMap<>(Map.of("KAPPA_PER_INSTANCE", Integer.toString(perInstance)));
        for (String name :
                new String[] {"NAMESPACE", "FUNCTION", "VERSION", "REVISION", "POD", "POD_IP", "VERSION_SECRET"}) {
            env.put("KAPPA_" + name, "x");
        }
        env.put("KAPPA_RUNTIME", "any");
        env.put("KAPPA_RUNTIME_KIND", kind);
        env.put("KAPPA_GATEWAY_URL", "http://x");
        return Settings.from(env);
    }
}
