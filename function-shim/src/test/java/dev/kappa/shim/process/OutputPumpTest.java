package dev.kappa.shim.process;

import static org.assertj.core.api.Assertions.assertThatCode;

import dev.kappa.shim.log.Logs;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class OutputPumpTest {
    private static final int EVENTS_AT_ONCE = 8;
    private static final int EVENTS_EACH = 500;

    @Test
    void eventsThatEndTogetherDoNotWaitForEachOthersMarks() throws Exception {
        Process child = new ProcessBuilder("sleep", "60").start();
        OutputPump pump = new OutputPump(child, new Logs());
        try (ExecutorService events = Executors.newFixedThreadPool(EVENTS_AT_ONCE)) {
            List<Future<?>> ended = new ArrayList<>();
            for (int i = 0; i < EVENTS_AT_ONCE; i++) {
                ended.add(events.submit(() -> {
                    for (int event = 0; event < EVENTS_EACH; event++) {
                        CompletableFuture<Void> copied = new CompletableFuture<>();
                        pump.whenCopied(() -> copied.complete(null));
                        copied.get(20, TimeUnit.SECONDS);
                    }
                    return null;
                }));
            }
            for (Future<?> each : ended) {
                assertThatCode(each::get).doesNotThrowAnyException();
            }
        } finally {
            child.destroyForcibly();
        }
    }
}
