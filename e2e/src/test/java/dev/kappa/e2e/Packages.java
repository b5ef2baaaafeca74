package dev.kappa.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Code packages, as users make and upload them. */
final class Packages {
    private Packages() {}

    /** A package of one file. */
    static byte[] zip(String name, byte[] content) throws IOException {
        return zip(Map.of(name, content));
    }

    /** A package of classes. */
    static byte[] zip(Class<?>... types) throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (Class<?> type : types) {
            String entry = type.getName().replace('.', '/') + ".class";
            try (InputStream in = Objects.requireNonNull(type.getResourceAsStream("/" + entry))) {
                files.put(entry, in.readAllBytes());
            }
        }
        return zip(files);
    }

    /** A package of files, in their order. */
    static byte[] zip(Map<String, byte[]> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue());
                zip.closeEntry();
            }
        }
        return bytes.toByteArray();
    }

    /** Uploads a package, which is taken, and answers its digest. */
    static String upload(byte[] zip) throws IOException, InterruptedException {
        HttpResponse<String> answer = offer(zip);
        assertThat(answer.statusCode())
                .as("%s %s", answer.headers().map(), answer.body())
                .isEqualTo(201);
        return new ObjectMapper().readTree(answer.body()).get("sha256").asText();
    }

    /** Uploads a package, which may be refused. */
    static HttpResponse<String> offer(byte[] zip) throws IOException, InterruptedException {
        URI uri = URI.create(Cluster.shared().endpoint() + "/kappa/v1/namespaces/default/packages");
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(uri)
                            .header("Authorization", Identity.administrator().bearer())
                            .PUT(HttpRequest.BodyPublishers.ofByteArray(zip))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }
}
