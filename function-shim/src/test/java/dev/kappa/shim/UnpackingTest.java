package dev.kappa.shim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnpackingTest {
    private static final int FILE = 0100000;
    private static final int LINK = 0120000;
    private static final int ENTRY = 0x02014b50;

    @TempDir
    Path folder;

    private Path root;
    private final Unpacking unpacking = new Unpacking();

    @BeforeEach
    void name() {
        root = folder.resolve("task");
    }

    @Test
    void marksProgramsExecutable() throws IOException {
        unpacking.extract(zip(file("bin/run", 0, "#!/bin/sh\n"), file("app.py", 0, "pass")), root);

        assertThat(root.resolve("bin/run")).isExecutable();
        assertThat(root.resolve("app.py")).hasContent("pass");
        assertThat(Files.isExecutable(root.resolve("app.py"))).isFalse();
    }

    @Test
    void keepsModesAndNamesInUtf8() throws IOException {
        unpacking.extract(zip(file("bin/wérkzeug-工具", FILE | 0750, "x"), file("geheim", FILE | 0200, "x")), root);

        assertThat(mode("bin/wérkzeug-工具")).isEqualTo("r-xr-x---");
        assertThat(mode("geheim")).isEqualTo("r--------");
    }

    @Test
    void keepsLinksInsideOfThePackage() throws IOException {
        unpacking.extract(
                zip(
                        file("lib/libx.so", LINK | 0777, "libx.so.1"),
                        file("lib/libx.so.1", FILE | 0644, "library"),
                        file("bin/tool", LINK | 0777, "../lib/libx.so")),
                root);

        assertThat(root.resolve("lib/libx.so")).isSymbolicLink().hasContent("library");
        assertThat(root.resolve("bin/tool")).isSymbolicLink().hasContent("library");
    }

    @ParameterizedTest
    @CsvSource({"a, /etc/passwd", "a, ../a", "b/a, ../../a", "b/a, c/../../../d", "a, ''"})
    void refusesLinksThatLeaveThePackage(String name, String target) throws IOException {
        Path zip = zip(file(name, LINK | 0777, target));

        assertThatThrownBy(() -> unpacking.extract(zip, root))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("a link outside of it: " + name + " to " + target);
        assertThat(root.resolve(name)).doesNotExist();
    }

    @Test
    void refusesAnEntryOutsideOfTheRoot() throws IOException {
        Path zip = zip(file("../evil", 0, "x"));

        assertThatThrownBy(() -> unpacking.extract(zip, root))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("../evil");
        assertThat(folder.resolve("evil")).doesNotExist();
    }

    @Test
    void aLaterPackageReplacesFilesAndLinksOfAnEarlierOneAndDoesNotWriteThroughThem() throws IOException {
        unpacking.extract(zip(file("kept", 0, "first"), file("a", 0, "first"), file("l", LINK | 0777, "kept")), root);
        unpacking.extract(zip(file("a", 0, "second"), file("l", 0, "second")), root);

        assertThat(root.resolve("a")).hasContent("second");
        assertThat(root.resolve("l")).isRegularFile().hasContent("second");
        assertThat(Files.isSymbolicLink(root.resolve("l"))).isFalse();
        assertThat(root.resolve("kept")).hasContent("first");
    }

    @Test
    void linksOfTwoPackagesDoNotLeadOutTogether() throws IOException {
        unpacking.extract(zip(file("a/b", LINK | 0777, "..")), root);
        unpacking.extract(zip(file("a/b/c", LINK | 0777, "../..")), root);

        assertThatThrownBy(() -> unpacking.extract(zip(file("c/evil", 0, "x")), root))
                .isInstanceOf(IOException.class);
        assertThat(folder.resolve("evil")).doesNotExist();
    }

    @Test
    void allPackagesTogetherHaveOneLimit() throws IOException {
        Unpacking small = new Unpacking(10);
        small.extract(zip(file("a", 0, "123456")), root);
        Path layer = zip(file("b", 0, "123456"));

        assertThatThrownBy(() -> small.extract(layer, folder.resolve("opt")))
                .hasMessage(
                        "code and layers unpack to more than 250 MiB; leave out what the function does not need, or use"
                                + " an image (spec.code.image)");
    }

    /** Root may write everywhere, so that only the modes tell. */
    @Test
    void whatIsUnpackedIsReadOnlyAndCanBeUnpackedAgain() throws IOException {
        Path zip = zip(file("app.py", 0, "x"), file("lib/run.sh", 0777, "#!/bin/sh"), file("lib/deep/data", 0666, "y"));
        unpacking.extract(zip, root);
        unpacking.seal();

        assertThat(mode("app.py")).isEqualTo("r--r--r--");
        assertThat(mode("lib/run.sh")).isEqualTo("r-xr-xr-x");
        assertThat(mode("lib/deep/data")).isEqualTo("r--r--r--");
        assertThat(mode("")).isEqualTo("r-xr-xr-x");
        assertThat(mode("lib")).isEqualTo("r-xr-xr-x");
        assertThat(mode("lib/deep")).isEqualTo("r-xr-xr-x");

        Unpacking again = new Unpacking();
        again.extract(zip, root);
        again.seal();
        assertThat(mode("lib/deep")).isEqualTo("r-xr-xr-x");
    }

    private String mode(String name) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve(name)));
    }

    private record Packed(String name, int mode, String content) {}

    private static Packed file(String name, int mode, String content) {
        return new Packed(name, mode, content);
    }

    /** The JDK writes no modes: they are put into its directory. */
    private Path zip(Packed... files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Packed file : files) {
                zip.putNextEntry(new ZipEntry(file.name()));
                zip.write(file.content().getBytes(StandardCharsets.UTF_8));
                zip.closeEntry();
            }
        }
        ByteBuffer archive = ByteBuffer.wrap(bytes.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
        int at = 0;
        for (Packed file : files) {
            while (archive.getInt(at) != ENTRY) {
                at++;
            }
            archive.putInt(at + 38, file.mode() << 16);
            at++;
        }
        return Files.write(folder.resolve("package.zip"), archive.array());
    }
}
