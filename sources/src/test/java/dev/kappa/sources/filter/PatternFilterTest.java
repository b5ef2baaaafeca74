package dev.kappa.sources.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.kappa.sources.batch.SourceRecord;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatternFilterTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"body\":{\"a\":[1]}}|{\"body\":{\"a\":1,\"b\":2}}|true",
                "{\"body\":{\"a\":[1]}}|{\"body\":{\"a\":2}}|false",
                "{\"body\":{\"a\":[1]}}|{\"body\":\"plain text\"}|false",
                "{\"body\":[\"plain text\"]}|{\"body\":\"plain text\"}|true",
                "{\"body\":{\"a\":[1]}}|no JSON|false",
                "{\"data\":{\"t\":[{\"prefix\":\"or\"}]}}|{\"data\":{\"t\":\"order\"}}|true",
                "{\"data\":{\"n\":[{\"numeric\":[\">\",5,\"<=\",7]}]}}|{\"data\":{\"n\":7}}|true",
                "{\"data\":{\"n\":[{\"numeric\":[\">\",5,\"<=\",7]}]}}|{\"data\":{\"n\":5}}|false",
                "{\"data\":{\"t\":[{\"exists\":false}]}}|{\"data\":{\"u\":1}}|true",
                "{\"data\":{\"t\":[{\"anything-but\":[\"a\"]}]}}|{\"data\":{\"t\":\"a\"}}|false",
                "{\"data\":{\"t\":[{\"suffix\":\".png\"}]}}|{\"data\":{\"t\":\"x.png\"}}|true",
                "{\"data\":{\"t\":[{\"equals-ignore-case\":\"A\"}]}}|{\"data\":{\"t\":\"a\"}}|true",
                "{\"dynamodb\":{\"Keys\":{\"id\":{\"S\":[\"7\"]}}}}|{\"dynamodb\":{\"Keys\":{\"id\":{\"S\":\"7\"}}}}|true",
                "{\"$or\":[{\"a\":[1]},{\"b\":[2]}]}|{\"a\":0,\"b\":2}|true"
            })
    void patternsMatchAsOnEventBridge(String pattern, String event, boolean matches) {
        assertThat(PatternFilter.of(List.of(pattern)).matches(record(event))).isEqualTo(matches);
    }

    @Test
    void oneOfSeveralPatternsIsEnoughAndNoneLetsAllPass() {
        var filter = PatternFilter.of(List.of("{\"a\":[1]}", "{\"b\":[2]}"));

        assertThat(filter.matches(record("{\"a\":1}"))).isTrue();
        assertThat(filter.matches(record("{\"b\":2}"))).isTrue();
        assertThat(filter.matches(record("{\"a\":2,\"b\":1}"))).isFalse();
        assertThat(PatternFilter.of(List.of()).matches(record("no JSON"))).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {"{\"a\":1}", "{\"a\":[{\"prefx\":\"x\"}]}", "[]", "no JSON", "{}", "{\"a\":[]}"})
    void aPatternThatIsNoneIsRefusedInWords(String pattern) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PatternFilter.of(List.of("{\"a\":[1]}", pattern)))
                .withMessageStartingWith("Invalid filter pattern definition. filters[1]: ");
    }

    @Test
    void fivePatternsOf4096CharactersAreTheMost() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PatternFilter.of(Collections.nCopies(6, "{\"a\":[1]}")))
                .withMessageContaining("6 patterns");
        String longest = "{\"a\":[\"" + "x".repeat(4096 - 10) + "\"]}";
        assertThat(longest).hasSize(4096);
        PatternFilter.of(List.of(longest));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PatternFilter.of(List.of(longest + " ")))
                .withMessageContaining("4097");
    }

    private static SourceRecord record(String event) {
        return SourceRecord.of("1", "", Instant.EPOCH, "{}", event);
    }
}
