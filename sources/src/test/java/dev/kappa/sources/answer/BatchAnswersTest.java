package dev.kappa.sources.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.sources.batch.Answer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BatchAnswersTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\"\"",
                "null",
                "{}",
                "[]",
                "{\"batchItemFailures\":[]}",
                "{\"batchItemFailures\":null}",
                "{\"a\":[1]}"
            })
    void nothingFailed(String body) {
        assertThat(BatchAnswers.read(body, true, false)).isEqualTo(Answer.Success.PLAIN);
    }

    @Test
    void theFailedOnesAreNamed() {
        String body =
                "{\"batchItemFailures\":[{\"itemIdentifier\":\"2\"},{\"more\":{\"a\":1},\"itemIdentifier\":\"4\"}]}";

        assertThat(BatchAnswers.read(body, true, false))
                .isEqualTo(new Answer.Partial(List.of("2", "4"), Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"itemIdentifier\":null}",
                "{\"itemIdentifier\":\"\"}",
                "{\"id\":\"2\"}",
                "{}",
                "\"2\"",
                "7",
                "[1]"
            })
    void anItemThatNamesNoneFailsTheWholeBatch(String item) {
        assertThat(BatchAnswers.read("{\"batchItemFailures\":[" + item + "]}", true, false))
                .isEqualTo(new Answer.Partial(List.of(""), Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"batchItemFailures\":[", "\"ok\"", "[1]", "true", "12", "{"})
    void whatCannotBeReadFailed(String body) {
        assertThat(BatchAnswers.read(body, true, false)).isInstanceOf(Answer.FunctionError.class);
    }

    @Test
    void withoutReportBatchItemFailuresNoAnswerIsRead() {
        assertThat(BatchAnswers.read("{\"batchItemFailures\":[{\"itemIdentifier\":\"2\"}]}", false, false))
                .isEqualTo(Answer.Success.PLAIN);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"state\":{\"a\":[1,\"ä\"]}}|{\"a\":[1,\"ä\"]}",
                "{ \"state\" : {} , \"b\":1}|{}",
                "{\"a\":{\"state\":1},\"state\":17}|17",
                "{\"state\":\"x\\\"y\"}|\"x\\\"y\"",
                "{\"state\":[ ]}|[ ]"
            })
    void aStateIsHandedOnAsItCame(String body, String state) {
        assertThat(BatchAnswers.read(body, false, true)).isEqualTo(new Answer.Success(Optional.of(state)));
    }

    @Test
    void aStateMayComeWithFailures() {
        assertThat(BatchAnswers.read("{\"state\":{},\"batchItemFailures\":[{\"itemIdentifier\":\"2\"}]}", true, true))
                .isEqualTo(new Answer.Partial(List.of("2"), Optional.of("{}")));
    }

    @Test
    void recordsOfKafkaAreNamedByPartitionAndOffset() {
        String one = "{\"itemIdentifier\":{\"partition\":\"orders-0\",\"offset\":7,\"more\":[1]}}";
        String other = "{\"itemIdentifier\":{\"offset\":\"8\",\"partition\":\"orders-1\"}}";

        assertThat(BatchAnswers.ofPartition("{\"batchItemFailures\":[" + one + "]}", true, "orders-0"))
                .isEqualTo(new Answer.Partial(List.of("7"), Optional.empty()));
        assertThat(BatchAnswers.ofPartition("{\"batchItemFailures\":[" + other + "]}", true, "orders-1"))
                .isEqualTo(new Answer.Partial(List.of("8"), Optional.empty()));
        assertThat(BatchAnswers.ofPartition(
                        "{\"batchItemFailures\":[" + one + "," + other + ",{\"itemIdentifier\":\"9\"}]}",
                        true,
                        "orders-0"))
                .isEqualTo(new Answer.Partial(List.of("7", "", ""), Optional.empty()));
        assertThat(BatchAnswers.ofPartition("{}", true, "orders-0")).isEqualTo(Answer.Success.PLAIN);
        assertThat(BatchAnswers.ofPartition("{\"batchItemFailures\":[" + one + "]}", false, "orders-0"))
                .isEqualTo(Answer.Success.PLAIN);
    }
}
