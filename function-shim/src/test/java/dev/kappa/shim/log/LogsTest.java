package dev.kappa.shim.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LogsTest {
    private final List<String> writes = new CopyOnWriteArrayList<>();
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

    private final List<String> shown = new CopyOnWriteArrayList<>();
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

    @Test
    void fewLinesComeAtOnceAndManyTogetherInTheirOrder(@TempDir Path folder) throws Exception {
        logs.gather(folder);
        logs.line(null, "first");
        logs.line(null, "second");
        assertThat(writes).as("one by one").containsExactly("first\n", "second\n");

        for (int i = 0; i < 2_000; i++) {
            logs.line(log, "line " + i);
        }

        String expected = "first\nsecond\nSTART\n"
                + IntStream.range(0, 2_000).mapToObj(i -> "line " + i + "\n").collect(Collectors.joining());
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!String.join("", writes).equals(expected) && System.nanoTime() < end) {
            Thread.sleep(5);
        }
        assertThat(String.join("", writes)).isEqualTo(expected);
        assertThat(writes).hasSizeLessThan(1_000);
        assertThat(tail()).endsWith("line 1999\n");
    }

    @Test
    void linesOfManyThreadsAreAllThereOnceAndInTheOrderOfEach(@TempDir Path folder) throws Exception {
        logs.gather(folder);
        List<Thread> threads = IntStream.range(0, 8)
                .mapToObj(thread -> Thread.ofPlatform()
                        .start(() -> IntStream.range(0, 1_000).forEach(i -> logs.line(null, thread + " " + i))))
                .toList();
        for (Thread thread : threads) {
            thread.join();
        }
        logs.stopGathering();

        List<String> lines = List.of(String.join("", writes).split("\n"));
        assertThat(lines).hasSize(8_000);
        for (int thread = 0; thread < 8; thread++) {
            String prefix = thread + " ";
            assertThat(lines.stream().filter(it -> it.startsWith(prefix)))
                    .containsExactlyElementsOf(
                            IntStream.range(0, 1_000).mapToObj(i -> prefix + i).toList());
        }
    }

    @Test
    void whatDoesNotFitGoesOutBehindWhatWaits(@TempDir Path folder) throws Exception {
        logs.gather(folder);
        List.of("a", "b", "c").forEach(text -> logs.line(null, text));
        String large = "x".repeat(100_000);

        logs.line(null, large);

        assertThat(String.join("", writes)).isEqualTo("a\nb\nc\n" + large + "\n");
    }

    @Test
    void nothingWaitsOnceTheProcessIsAboutToEnd(@TempDir Path folder) throws Exception {
        logs.gather(folder);
        List.of("a", "b", "c").forEach(text -> logs.line(null, text));

        logs.stopGathering();
        assertThat(String.join("", writes)).isEqualTo("a\nb\nc\n");

        logs.line(null, "d");
        logs.line(null, "e");
        assertThat(writes).endsWith("d\n", "e\n");
    }

    @Test
    void whatAKilledProcessHadGatheredIsWrittenByTheNextOneOnce(@TempDir Path folder) throws Exception {
        byte[] lines = "END\nREPORT\n".getBytes(StandardCharsets.UTF_8);
        assertThat(new LogBatch(folder).add(lines, 0, lines.length)).isTrue();

        logs.gather(folder);
        assertThat(writes).containsExactly("END\nREPORT\n");

        logs.gather(folder);
        assertThat(writes).hasSize(1);
    }

    @Test
    void whatIsNoBatchIsNotWritten(@TempDir Path folder) throws Exception {
        Files.write(folder.resolve("log"), new byte[] {127, 1, 1, 1, 1});

        logs.gather(folder);

        assertThat(writes).isEmpty();
    }

    private String tail() {
        return new String(Base64.getDecoder().decode(log.tailBase64()), StandardCharsets.UTF_8);
    }
}
