package dev.kappa.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.e2e.handlers.Conformance;
import dev.kappa.e2e.handlers.ConformanceStream;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * What the conformance suite runs on a runtime.
 *
 * @param handler of the function
 * @param streaming handler that writes its answer to a stream; empty if the runtime cannot do that
 * @param zip the package
 */
@SuppressWarnings("ArrayRecordComponent")
record ConformanceCode(String handler, Optional<String> streaming, byte[] zip) {
    private static final Path RUNTIMES = Path.of("../function-shim/runtimes");

    /** The code in the folder of the runtime, or of the one that it is like; Go's and .NET's is built here, Java's is a class of this module. */
    static ConformanceCode of(String runtime) throws IOException, InterruptedException {
        Properties recipe = new Properties();
        try (Reader text = Files.newBufferedReader(RUNTIMES.resolve(runtime).resolve("recipe"))) {
            recipe.load(text);
        }
        if ("java".equals(recipe.getProperty("kind"))) {
            return new ConformanceCode(
                    Conformance.class.getName(),
                    Optional.of(ConformanceStream.class.getName()),
                    Packages.zip(Conformance.class, ConformanceStream.class));
        }
        Path folder = RUNTIMES.resolve(recipe.getProperty("like", runtime)).resolve("conformance");
        String handler = recipe.getProperty("handler");
        return new ConformanceCode(handler, Optional.ofNullable(recipe.getProperty("streaming")), zip(folder, handler));
    }

    private static byte[] zip(Path folder, String handler) throws IOException, InterruptedException {
        if (Files.exists(folder.resolve("go.mod"))) {
            return zipOfGo(folder);
        }
        if (Files.exists(folder.resolveSibling("compile"))) {
            return zipOfDotnet(folder, handler.substring(0, handler.indexOf(':')) + ".dll");
        }
        return zipOfFiles(folder);
    }

    /** Compiled as the runtime's own code is, which takes Docker if the cache does not have it. */
    static byte[] zipOfDotnet(Path folder, String name) throws IOException, InterruptedException {
        Path assembly = Files.createTempDirectory("conformance").resolve(name);
        Command.run(Map.of(), RUNTIMES.resolve("dotnet8/compile").toString(), assembly.toString(), folder.toString());
        return Packages.zip(name, Files.readAllBytes(assembly));
    }

    static byte[] zipOfGo(Path folder) throws IOException, InterruptedException {
        Path bootstrap = Files.createTempDirectory("conformance").resolve("bootstrap");
        Process build = new ProcessBuilder(
                        "go",
                        "build",
                        "-trimpath",
                        "-ldflags",
                        "-s -w",
                        "-tags",
                        "lambda.norpc",
                        "-o",
                        bootstrap.toString(),
                        ".")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(build.waitFor()).as("go build in " + folder).isZero();
        return Packages.zip("bootstrap", Files.readAllBytes(bootstrap));
    }

    private static byte[] zipOfFiles(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            Path only = files.findFirst().orElseThrow();
            return Packages.zip(only.getFileName().toString(), Files.readAllBytes(only));
        }
    }
}
