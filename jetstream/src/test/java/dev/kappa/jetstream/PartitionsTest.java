package dev.kappa.jetstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.lambda.FunctionKey;
import dev.kappa.stores.events.QueueKey;
import dev.kappa.stores.events.QueuePlace;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class PartitionsTest {
    private static final Partitions PARTITIONS = new Partitions(new QueueSizes(8, 1 << 20, 1 << 20), 1);
    private static final QueueKey HELLO =
            new QueueKey(new FunctionKey("default", "hello"), "0d3f7c1e-8a52-4a38-9a3e-0b8b6a1f8d11");

    @Test
    void aQueueHasItsPartitionForEver() {
        assertThat(PARTITIONS.place(HELLO)).isEqualTo(new QueuePlace(HELLO, "kappa-queue-1"));
    }

    @Test
    void queuesAreSpreadEvenly() {
        Map<String, Integer> queues = new TreeMap<>();
        for (int i = 0; i < 8_000; i++) {
            QueueKey queue = new QueueKey(new FunctionKey("default", "hello"), "uid-" + i);
            queues.merge(PARTITIONS.place(queue).stream(), 1, Integer::sum);
        }

        assertThat(queues)
                .hasSize(8)
                .allSatisfy((stream, number) -> assertThat(number).isBetween(800, 1_200));
    }

    @Test
    void aSubjectTellsWhoseEventItIsAndHowLarge() {
        QueuePlace place = PARTITIONS.place(HELLO);
        EventSize size = EventSize.of(1_000);

        assertThat(Partitions.read(Partitions.subject(place, size)))
                .contains(new Partitions.Named(place, size.bytes()));
        assertThat(Partitions.place(place.stream(), Partitions.consumerName(HELLO)))
                .contains(place);
    }

    @Test
    void aFunctionWhoseUidIsNotKnownHasAQueueToo() {
        QueuePlace place = PARTITIONS.place(new QueueKey(HELLO.function(), ""));

        assertThat(Partitions.place(place.stream(), Partitions.consumerName(place.queue())))
                .contains(place);
        assertThat(Partitions.read(Partitions.subject(place, EventSize.of(1)))
                        .orElseThrow()
                        .place())
                .isEqualTo(place);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "kappa.queue.1.default.hello.uid",
                "kappa.queue.1.default.hello.uid.many",
                "kappa.other.1.default.hello.uid.8",
                "kappa.queue.1.default.hello.uid.8.9"
            })
    void whatIsNoSubjectOfAnEventIsPassedOver(String subject) {
        assertThat(Partitions.read(subject)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 128",
        "1, 128",
        "128, 128",
        "129, 256",
        "1920, 1920",
        "2049, 2304",
        "1048576, 1048576",
        "1048577, 1179648"
    })
    void sizesAreRoundedUpByAnEighthAtMost(long bytes, long charged) {
        assertThat(EventSize.of(bytes).bytes()).isEqualTo(charged);
    }
}
