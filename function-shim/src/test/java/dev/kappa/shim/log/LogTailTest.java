package dev.kappa.shim.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class LogTailTest {
    @Test
    void keepsTheLast4KiB() {
        LogTail tail = new LogTail();
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 2_000; i++) {
            byte[] line = ("line " + i + "\n").getBytes(StandardCharsets.UTF_8);
            tail.write(line, 0, line.length);
            all.append("line ").append(i).append('\n');
        }

        String kept = new String(Base64.getDecoder().decode(tail.base64()), StandardCharsets.UTF_8);

        assertThat(kept).isEqualTo(all.substring(all.length() - LogTail.SIZE));
    }

    @Test
    void keepsTheEndOfOneLongWrite() {
        LogTail tail = new LogTail();
        byte[] text = ("x".repeat(10_000) + "end").getBytes(StandardCharsets.UTF_8);

        tail.write(text, 0, text.length);

        byte[] kept = Base64.getDecoder().decode(tail.base64());
        assertThat(kept).hasSize(LogTail.SIZE).endsWith("end".getBytes(StandardCharsets.UTF_8));
    }
}
