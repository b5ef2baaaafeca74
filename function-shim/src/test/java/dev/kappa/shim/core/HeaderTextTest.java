package dev.kappa.shim.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.serialization.factories.JacksonFactory;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderTextTest {
    @ParameterizedTest
    @ValueSource(strings = {"é", "日本語", "😀", "Ċ is no line break, though its last byte is one", "\u007f", "\ud800"})
    void writesTheSameJsonInAscii(String value) {
        String header = HeaderText.ofJson("{\r\n\t\"a\" : \"" + value + "\"\n}");

        assertThat(header).matches("[ -~]+");
        Map<?, ?> read = JacksonFactory.getInstance().getSerializer(Map.class).fromJson(header);
        assertThat(read.get("a")).isEqualTo(value);
    }

    @Test
    void leavesWhatIsPlain() {
        String json = "{\"custom\":{\"a\":\"~ b\"}}";
        assertThat(HeaderText.ofJson(json)).isSameAs(json);
        assertThat(HeaderText.isPlain("Root=1-5759e988;Sampled=1")).isTrue();
        assertThat(HeaderText.isPlain("a\nb")).isFalse();
        assertThat(HeaderText.isPlain("é")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a/b", "a\tb", "é", "a&b"})
    void anIdHasLettersDigitsAndDashes(String text) {
        assertThat(HeaderText.isId(text)).isFalse();
        assertThat(HeaderText.isId("0b7f1c52-5c6f-4a4e-8d0e-1a2b3c4d5e6f")).isTrue();
        assertThat(HeaderText.isId("a".repeat(129))).isFalse();
    }
}
