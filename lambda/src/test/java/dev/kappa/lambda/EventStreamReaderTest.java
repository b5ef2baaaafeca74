package dev.kappa.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventStreamReaderTest {
    private static byte[] stream() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (String text : List.of("one", "", "three")) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            all.writeBytes(EventStream.payloadChunk(
                    bytes.length, (message, offset) -> System.arraycopy(bytes, 0, message, offset, bytes.length)));
        }
        all.writeBytes(EventStream.invokeComplete("{}".getBytes(StandardCharsets.UTF_8)));
        return all.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 64, 10_000})
    void findsTheMessagesInPiecesOfAnyLength(int length) {
        byte[] stream = stream();
        EventStreamReader reader = new EventStreamReader();
        List<String> messages = new ArrayList<>();

        for (int at = 0; at < stream.length; at += length) {
            reader.take(
                    Arrays.copyOfRange(stream, at, Math.min(stream.length, at + length)),
                    (type, payload) -> messages.add(type + " " + new String(payload, StandardCharsets.UTF_8)));
        }

        assertThat(messages)
                .containsExactly("PayloadChunk one", "PayloadChunk ", "PayloadChunk three", "InvokeComplete {}");
    }

    @Test
    void whatIsNoStreamIsRefused() {
        assertThatThrownBy(() -> new EventStreamReader()
                        .take("HTTP/1.1 200 OK".getBytes(StandardCharsets.UTF_8), (type, payload) -> {}))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
