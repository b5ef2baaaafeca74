package dev.kappa.shim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The Python runtime with AWS's client, which the image has and the folder of this repository has not. */
final class AwsPython {
    /** Where bin/test keeps it. */
    private static final Path CACHE =
            Path.of(System.getenv().getOrDefault("KAPPA_CACHE", System.getProperty("user.home") + "/.cache/kappa"));

    private AwsPython() {}

    /** AWS's client has a part in C, which is made for this version only. */
    static String python313() throws IOException {
        Path versions = Path.of(System.getProperty("user.home"), ".pyenv/versions");
        try (Stream<Path> all = Files.isDirectory(versions) ? Files.list(versions) : Stream.empty()) {
            return all.filter(it -> it.getFileName().toString().startsWith("3.13."))
                    .map(it -> it.resolve("bin/python3.13").toString())
                    .findFirst()
                    .orElse("python3.13");
        }
    }

    /** Makes the runtime's folder; skips the test where the client is not, or cannot be loaded. */
    static Path runtime(Path folder) throws Exception {
        Path found;
        try (Stream<Path> all = Files.isDirectory(CACHE) ? Files.list(CACHE) : Stream.empty()) {
            found = all.filter(it -> it.getFileName().toString().startsWith("awslambdaric-"))
                    .findFirst()
                    .orElse(CACHE.resolve("none"));
        }
        assumeTrue(Files.isDirectory(found), "bin/test fetches awslambdaric");
        Path runtime = Files.createDirectories(folder.resolve("runtime"));
        try (Stream<Path> files = Files.list(Path.of("runtimes/python3.13"))) {
            for (Path file : files.filter(it -> it.toString().endsWith(".py")).toList()) {
                Files.copy(file, runtime.resolve(file.getFileName()));
            }
        }
        Path bootstrap = runtime.resolve("bootstrap");
        Files.writeString(
                bootstrap,
                "#!/bin/sh\nexport PYTHONPATH=" + found + "\nexec " + python313()
                        + " \"$LAMBDA_RUNTIME_DIR/bootstrap.py\"\n");
        assertThat(bootstrap.toFile().setExecutable(true)).isTrue();
        Process client = new ProcessBuilder(python313(), "-c", "import awslambdaric.bootstrap")
                .redirectErrorStream(true)
                .directory(found.toFile())
                .start();
        client.getInputStream().transferTo(OutputStream.nullOutputStream());
        assumeTrue(client.waitFor() == 0, "this machine's Python cannot load awslambdaric");
        return runtime;
    }
}
