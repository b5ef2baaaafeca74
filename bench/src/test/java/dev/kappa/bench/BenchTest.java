package dev.kappa.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;

class BenchTest {
    @Test
    void percentilesAreNearestRanks() {
        Samples samples = new Samples();
        for (int i = 100; i >= 1; i--) {
            samples.add(i * 1_000_000L);
        }

        assertThat(samples.percentile(50)).isEqualTo(50);
        assertThat(samples.percentile(99)).isEqualTo(99);
        assertThat(samples.percentile(100)).isEqualTo(100);
        assertThat(samples.text(1)).isEqualTo("1.00 ms");
    }

    @Test
    void anAnswerIsReadWithItsHeadersAndBody() throws IOException {
        Connection.Answer answer =
                read("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Kappa-Cold-Start: a=1;b=2\r\n\r\nokHTTP/1.1");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers()).containsEntry("x-kappa-cold-start", "a=1;b=2");
        assertThat(answer.body()).isEqualTo("ok");
    }

    @Test
    void anAnswerThatEndsEarlyIsAnError() {
        assertThatThrownBy(() -> read("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nok"))
                .isInstanceOf(EOFException.class);
    }

    @Test
    void aPartOfAColdStartIsAveragedOverTheAnswersThatToldIt() {
        Anatomy anatomy = new Anatomy();

        anatomy.add("decided=10;answered=500");
        anatomy.add("decided=20;scheduled=80;answered=700");

        assertThat(anatomy.means()).isEqualTo("decided 15, scheduled 80, answered 600");
    }

    @Test
    void processesAreListedWithTheirMemory() {
        String status = "Name:\tsh\nVmRSS:\t 900 kB\n|\nName:\tjava\nPid:\t7\nVmRSS:\t  43008 kB\nX: 1\n|\n";

        assertThat(Memory.list(status)).isEqualTo("java 42 MiB");
    }

    @Test
    void anEventHasTheBytesThatAreAskedFor() {
        assertThat(Calls.event(1_024)).hasSize(1_024);
    }

    @Test
    void everyLanguageHasItsPlainServerAndAHandler() throws IOException {
        assertThat(Language.all()).extracting(Language::name).containsExactly("node", "python", "java");
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(Language.javaPackage()))) {
            assertThat(zip.getNextEntry().getName()).isEqualTo("dev/kappa/bench/Echo.class");
        }
    }

    private static Connection.Answer read(String bytes) throws IOException {
        return Connection.read(new ByteArrayInputStream(bytes.getBytes(StandardCharsets.ISO_8859_1)));
    }
}
