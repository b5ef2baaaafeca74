package dev.kappa.sources.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.sources.batch.RecordFilter;
import dev.kappa.sources.filter.PatternFilter;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/** Which messages filters let pass, as Lambda has it, and what a record is called. */
class MessageShapeTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"kind": "order"}       | {"body": {"kind": ["order"]}}         | true
            {"kind": "note"}        | {"body": {"kind": ["order"]}}         | false
            order                   | {"body": {"kind": ["order"]}}         | false
            order                   | {"body": ["order"]}                   | true
            {"kind": "order"} x     | {"body": {"kind": ["order"]}}         | false
            {"a": {"b": 3}}         | {"body": {"a": {"b": [{"numeric": [">", 2]}]}}} | true
            order                   | {"attributes": {"MessageGroupId": ["g"]}}       | true
            order                   | {"attributes": {"MessageGroupId": ["h"]}}       | false
            """)
    void filtersLookIntoABodyThatIsJson(String body, String pattern, boolean passes) {
        RecordFilter filter = PatternFilter.of(List.of(pattern));

        SqsQueue.Message message = new MessageShape("arn:aws:sqs:us-east-1:1:q.fifo", "us-east-1", true)
                .message(Message.builder()
                        .messageId("id")
                        .receiptHandle("receipt")
                        .body(body)
                        .md5OfBody("md5")
                        .attributes(Map.of(
                                MessageSystemAttributeName.MESSAGE_GROUP_ID,
                                "g",
                                MessageSystemAttributeName.SENT_TIMESTAMP,
                                "1545084650987"))
                        .build());

        assertThat(filter.matches(message.record())).isEqualTo(passes);
        assertThat(message.record().id()).isEqualTo("id");
        assertThat(message.record().key()).isEqualTo("g");
        assertThat(message.record().arrivedAt()).isEqualTo(Instant.ofEpochMilli(1545084650987L));
        assertThat(message.record().event()).contains("\"body\":\"").doesNotContain("md5OfMessageAttributes");
    }
}
