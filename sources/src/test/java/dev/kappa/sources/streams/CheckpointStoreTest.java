package dev.kappa.sources.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kappa.sources.MemoryKeys;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** A checkpoint is written by who knows the last one, and by nobody else. */
class CheckpointStoreTest {
    private final MemoryKeys keys = new MemoryKeys();

    private CheckpointStore store(String stream) {
        return new CheckpointStore(keys, "nats.1", stream);
    }

    @Test
    void whoReadAnOlderOneWritesNothing() throws IOException {
        CheckpointStore first = store("a");
        CheckpointStore second = store("a");
        assertThat(first.read()).isEmpty();
        assertThat(first.write("5")).isTrue();
        assertThat(second.read()).contains("5");
        assertThat(second.write("7")).isTrue();

        assertThat(first.write("6")).isFalse();

        assertThat(store("a").read()).contains("7");
    }

    @Test
    void aWriteWhoseAnswerWasLostIsKnownAgain() throws IOException {
        CheckpointStore store = store("a");
        assertThat(store.read()).isEmpty();
        keys.lost = 1;
        assertThatThrownBy(() -> store.write("5")).isInstanceOf(IOException.class);

        assertThat(store.write("6")).isTrue();

        assertThat(store("a").read()).contains("6");
    }

    @Test
    void aWriteOfAnotherAfterALostAnswerIsNone() throws IOException {
        CheckpointStore store = store("a");
        assertThat(store.read()).isEmpty();
        keys.lost = 1;
        assertThatThrownBy(() -> store.write("5")).isInstanceOf(IOException.class);
        CheckpointStore other = store("a");
        assertThat(other.read()).contains("5");
        assertThat(other.write("9")).isTrue();

        assertThat(store.write("6")).isFalse();
    }

    @Test
    void allOfAStreamThatWasMadeAgainIsNew() throws IOException {
        CheckpointStore store = store("a");
        assertThat(store.read()).isEmpty();
        assertThat(store.write("500")).isTrue();

        assertThat(store("b").read()).contains("");
    }
}
