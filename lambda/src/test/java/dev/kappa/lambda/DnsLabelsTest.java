package dev.kappa.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DnsLabelsTest {
    private static final String CHARACTERS = "abzABZ019-_";

    @ParameterizedTest
    @ValueSource(strings = {"hello", "a", "7", "a-b", "0a", "hello-0123abcd"})
    void aLabelStays(String name) {
        assertThat(DnsLabels.ofFunction(name)).isEqualTo(name);
        assertThat(DnsLabels.ofQualifier(name)).isEqualTo(name);
    }

    @Test
    void otherNamesStayReadable() {
        assertThat(DnsLabels.ofFunction("MyStack-Hello_World")).matches("mystack-hello-world-[0-9a-v]{8}");
        assertThat(DnsLabels.ofFunction("_A_")).matches("a-[0-9a-v]{8}");
        assertThat(DnsLabels.ofFunction("_")).matches("x-[0-9a-v]{8}");
        assertThat(DnsLabels.ofFunction("a".repeat(64))).matches("a{54}-[0-9a-v]{8}");
        assertThat(DnsLabels.ofFunction("a".repeat(63))).isEqualTo("a".repeat(63));
        assertThat(DnsLabels.ofQualifier("PROD")).matches("prod-[0-9a-v]{8}");
        assertThat(DnsLabels.ofQualifier("A".repeat(128))).matches("a{119}-[0-9a-v]{8}");
        assertThat(DnsLabels.ofQualifier("$LATEST")).isEqualTo("$LATEST");
        assertThat(DnsLabels.ofFunction("")).isEmpty();
    }

    @Test
    void whatIsStoredUnderAnUpgradeIsFoundByTheNext() {
        assertThat(DnsLabels.ofFunction("MyFunction")).isEqualTo("myfunction-0d4n90l1");
    }

    @Test
    void everyNameHasALabelOfItsOwnThatIsFoundByItselfToo() {
        Random random = new Random(1);
        Map<String, String> names = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            StringBuilder name = new StringBuilder();
            int length = 1 + random.nextInt(64);
            for (int j = 0; j < length; j++) {
                name.append(CHARACTERS.charAt(random.nextInt(CHARACTERS.length())));
            }
            String label = DnsLabels.ofFunction(name.toString());
            assertThat(label).as("%s", name).matches("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
            assertThat(DnsLabels.ofFunction(label)).isEqualTo(label);
            String other = names.put(label, name.toString());
            assertThat(other == null || other.contentEquals(name))
                    .as("%s and %s", other, name)
                    .isTrue();
        }
    }
}
