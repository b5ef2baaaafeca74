package dev.kappa.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kappa.e2e.handlers.Conformance;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * What the conformance suite runs on a runtime.
 *
 * @param handler of the function
 * @param zip the package
 */
@SuppressWarnings("ArrayRecordComponent")
record ConformanceCode(String handler, byte[] zip) {
    private static final Path RUNTIMES = Path.of("../function-shim/runtimes");

    /** The code in the folder of the runtime, or of the one that it is like; Go's is built here, Java's is a class of this module. */
    static ConformanceCode of(String runtime) throws IOException, InterruptedException {
        Properties recipe = new Properties();
        try (Reader text = Files.newBufferedReader(RUNTIMES.resolve(runtime).resolve("recipe"))) {
            recipe.load(text);
        }
        if ("java".equals(recipe.getProperty("kind"))) {
            return new ConformanceCode(Conformance.class.getName(), zipOfClass());
        }
        Path folder = RUNTIMES.resolve(recipe.getProperty("like", runtime)).resolve("conformance");
        return new ConformanceCode(
                recipe.getProperty("handler"),
                Files.exists(folder.resolve("go.mod")) ? zipOfGo(folder) : zipOfFiles(folder));
    }

    /** Uploads the package and answers its digest. */
    String upload() throws IOException, InterruptedException {
        URI uri = URI.create(Cluster.shared().endpoint() + "/kappa/v1/namespaces/default/packages");
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(uri)
                            .PUT(HttpRequest.BodyPublishers.ofByteArray(zip))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode())
                    .as("%s %s", answer.headers().map(), answer.body())
                    .isEqualTo(201);
            return new ObjectMapper().readTree(answer.body()).get("sha256").asText();
        }
    }

    private static byte[] zipOfClass() throws IOException {
        String entry = Conformance.class.getName().replace('.', '/') + ".class";
        try (InputStream in = Objects.requireNonNull(Conformance.class.getResourceAsStream("/" + entry))) {
            return zip(entry, in.readAllBytes());
        }
    }

    private static byte[] zipOfGo(Path folder) throws IOException, InterruptedException {
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
        return zip("bootstrap", Files.readAllBytes(bootstrap));
    }

    private static byte[] zipOfFiles(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            Path only = files.findFirst().orElseThrow();
            return zip(only.getFileName().toString(), Files.readAllBytes(only));
        }
    }

    private static byte[] zip(String name, byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry(name));
            zip.write(content);
        }
        return bytes.toByteArray();
    }
}
