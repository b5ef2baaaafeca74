package dev.kappa.controlplane.packages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZipGuardTest {
    private final ZipGuard guard = new ZipGuard(new PackageLimits(1 << 20, 1 << 20, 5, 100, 100_000));

    @TempDir
    Path folder;

    static byte[] zip(String... namesAndContents) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            for (int i = 0; i < namesAndContents.length; i += 2) {
                zip.putNextEntry(new ZipEntry(namesAndContents[i]));
                zip.write(namesAndContents[i + 1].getBytes(StandardCharsets.UTF_8));
                zip.closeEntry();
            }
        }
        return bytes.toByteArray();
    }

    private long check(byte[] archive) throws IOException, BadPackageException {
        return guard.check(Files.write(folder.resolve("package.zip"), archive));
    }

    private static int find(byte[] archive, int signature) {
        ByteBuffer buffer = ByteBuffer.wrap(archive).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < archive.length - 3; i++) {
            if (buffer.getInt(i) == signature) {
                return i;
            }
        }
        throw new AssertionError("no such record");
    }

    @Test
    void measuresAGoodPackage() throws Exception {
        assertThat(check(zip("app.py", "hello", "lib/", "", "lib/x.py", "xx"))).isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../evil", "a/../../evil", "/etc/passwd", "C:/evil"})
    void refusesNamesThatLeaveTheFolder(String name) throws Exception {
        byte[] archive = zip(name, "x");

        assertThatThrownBy(() -> check(archive))
                .isInstanceOf(BadPackageException.class)
                .hasMessageContaining("outside of the function's folder")
                .hasMessageContaining("relative paths");
    }

    @Test
    void letsSymbolicLinksInsideOfThePackagePass() throws Exception {
        assertThat(check(link("lib/libx.so", "libx.so.1"))).isEqualTo(9);
        assertThat(check(link("bin/x", "../lib/libx.so"))).isEqualTo(14);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/etc/passwd", "../../etc/passwd", "b/../../../c", "..\\c"})
    void refusesSymbolicLinksThatLeaveThePackage(String target) throws Exception {
        byte[] archive = link("a/link", target);

        assertThatThrownBy(() -> check(archive))
                .hasMessageContaining(
                        "'a/link' is a symbolic link to '" + target + "', which is outside of the package");
    }

    @Test
    void refusesWhatIsBelowASymbolicLink() throws Exception {
        byte[] archive = zip("a", "b", "a/c", "x");
        mark(archive);

        assertThatThrownBy(() -> check(archive)).hasMessageContaining("'a' is a file and a folder");
    }

    @Test
    void refusesBackslashesWithTheReason() throws Exception {
        byte[] archive = zip("lib\\app.py", "x");

        assertThatThrownBy(() -> check(archive))
                .hasMessageContaining("'lib\\app.py' has a backslash where folders are divided by slashes")
                .hasMessageContaining("tools on Windows");
    }

    @Test
    void takesNamesInUtf8() throws Exception {
        assertThat(check(zip("wérkzeug-工具.py", "x"))).isEqualTo(1);
    }

    private static byte[] link(String name, String target) throws IOException {
        byte[] archive = zip(name, target);
        mark(archive);
        return archive;
    }

    /** Makes the first entry a symbolic link. */
    private static void mark(byte[] archive) {
        ByteBuffer.wrap(archive).order(ByteOrder.LITTLE_ENDIAN).putInt(find(archive, 0x02014b50) + 38, 0120777 << 16);
    }

    @Test
    void refusesTooManyEntries() throws Exception {
        byte[] archive = zip("a", "", "b", "", "c", "", "d", "", "e", "", "f", "");

        assertThatThrownBy(() -> check(archive)).hasMessageContaining("6 entries, more than 5");
    }

    @Test
    void refusesContentThatIsTooLarge() throws Exception {
        StringBuilder noise = new StringBuilder();
        for (int i = 0; noise.length() <= 1 << 20; i++) {
            noise.append(Integer.toHexString(i * 0x9E3779B9));
        }
        byte[] archive = zip("a", noise.toString());

        assertThatThrownBy(() -> check(archive)).hasMessageContaining("larger than 1048576 bytes");
    }

    @Test
    void refusesABomb() throws Exception {
        byte[] archive = zip("a", "0".repeat(500_000));

        assertThatThrownBy(() -> check(archive)).hasMessageContaining("more than 100 times");
    }

    @Test
    void refusesDamage() throws Exception {
        byte[] good = zip("app.py", "hello hello hello hello");
        byte[] flipped = good.clone();
        flipped[40] ^= 0x55;

        assertThatThrownBy(() -> check(flipped)).isInstanceOf(BadPackageException.class);
        assertThatThrownBy(() -> check(Arrays.copyOf(good, good.length - 30)))
                .hasMessageContaining("not a readable zip archive");
        assertThatThrownBy(() -> check("no zip".getBytes(StandardCharsets.UTF_8)))
                .hasMessageContaining("not a readable zip archive");
        assertThatThrownBy(() -> check(new byte[0])).hasMessageContaining("not a readable zip archive");
    }

    @Test
    void refusesWhatIsFileAndFolder() throws Exception {
        byte[] archive = zip("a", "x", "a/b", "y");

        assertThatThrownBy(() -> check(archive)).hasMessageContaining("'a' is a file and a folder");
    }

    @Test
    void refusesAnEmptyPackage() throws Exception {
        byte[] archive = zip();

        assertThatThrownBy(() -> check(archive)).hasMessageContaining("is empty");
    }
}
