package dev.kappa.shim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CodePackageTest {
    @TempDir
    Path folder;

    @Test
    void unpacksAndMarksProgramsExecutable() throws IOException {
        Path zip = zip(Map.of("bin/run", "#!/bin/sh\n", "app.py", "pass"));
        Path root = folder.resolve("task");

        CodePackage.extract(zip, root);

        assertThat(root.resolve("bin/run")).isExecutable();
        assertThat(root.resolve("app.py")).hasContent("pass");
        assertThat(Files.isExecutable(root.resolve("app.py"))).isFalse();
    }

    @Test
    void refusesAnEntryOutsideOfTheRoot() throws IOException {
        Path zip = zip(Map.of("../evil", "x"));

        assertThatThrownBy(() -> CodePackage.extract(zip, folder.resolve("task")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("../evil");
        assertThat(folder.resolve("evil")).doesNotExist();
    }

    private Path zip(Map<String, String> files) throws IOException {
        return Files.write(folder.resolve("package.zip"), FakeGateway.zip(files));
    }
}
