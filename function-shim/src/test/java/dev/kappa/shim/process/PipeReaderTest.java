package dev.kappa.shim.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.FileInputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class PipeReaderTest {
    @Test
    @Timeout(60)
    void tellsWhetherAThreadHasReadAllThatIsInAPipe() throws Exception {
        Process cat = new ProcessBuilder("cat").start();
        FileInputStream observed = new FileInputStream(
                Path.of("/proc", Long.toString(cat.pid()), "fd", "1").toFile());
        CompletableFuture<PipeReader> made = new CompletableFuture<>();
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Thread.ofPlatform().daemon().start(() -> {
            made.complete(PipeReader.ofThisThread(observed));
            try {
                cat.getInputStream().read();
                busy.countDown();
                goOn.await();
                while (cat.getInputStream().read() >= 0) {}
            } catch (Exception e) {
                made.completeExceptionally(e);
            }
        });
        PipeReader reader = made.get(20, TimeUnit.SECONDS);
        assumeTrue(reader != null, "this kernel does not tell");
        try (OutputStream in = cat.getOutputStream()) {
            await(reader);
            in.write("ab\n".getBytes(StandardCharsets.US_ASCII));
            in.flush();
            assertThat(busy.await(20, TimeUnit.SECONDS)).isTrue();

            for (int i = 0; i < 1_000; i++) {
                assertThat(reader.hasReadAll())
                        .as("it has read, but does not wait for more")
                        .isFalse();
            }
            goOn.countDown();
            await(reader);
        } finally {
            cat.destroyForcibly();
            reader.close();
        }
    }

    private static void await(PipeReader reader) throws InterruptedException {
        while (!reader.hasReadAll()) {
            Thread.sleep(1);
        }
    }
}
