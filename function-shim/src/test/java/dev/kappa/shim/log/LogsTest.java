package dev.kappa.shim.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogsTest {
    private final List<String> writes = new ArrayList<>();
    private final Logs logs = new Logs(new OutputStream() {
        @Override
        public void write(int b) {
            throw new AssertionError("byte by byte");
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            writes.add(new String(bytes, offset, length, StandardCharsets.UTF_8));
        }
    });

    private final List<String> shown = new ArrayList<>();
    private final EventLog log = EventLog.of("START", true);

    LogsTest() {
        log.whenShown(() -> shown.add("shown"));
    }

    @Test
    void anEventThatPrintsNothingIsOneWrite() {
        logs.line(log, "END\nREPORT");

        assertThat(writes).containsExactly("START\nEND\nREPORT\n");
        assertThat(shown).containsExactly("shown");
        assertThat(new String(Base64.getDecoder().decode(log.tailBase64()), StandardCharsets.UTF_8))
                .isEqualTo("START\nEND\nREPORT\n");
    }

    @Test
    void whatAnEventPrintsComesAtOnceAndBehindItsFirstLine() {
        logs.line(null, "of the shim");
        assertThat(shown).isEmpty();

        logs.line(log, "printed");
        assertThat(writes).containsExactly("of the shim\n", "START\nprinted\n");

        logs.line(log, "END");
        assertThat(writes).endsWith("END\n").hasSize(3);
        assertThat(shown).hasSize(1);
    }

    @Test
    void theFirstLineOfALongEventIsShownOnce() {
        logs.show(log);
        logs.show(log);

        assertThat(writes).containsExactly("START\n");
        logs.line(log, "END");
        assertThat(writes).containsExactly("START\n", "END\n");
    }

    @Test
    void aTailThatNobodyAsksForIsNotKept() {
        EventLog without = EventLog.of("START", false);
        logs.line(without, "END");
        assertThat(without.tailBase64()).isEmpty();
    }
}
