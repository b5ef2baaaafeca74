package dev.kappa.controlplane.packages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.controlplane.TestApi;
import dev.kappa.identity.InstanceTokens;
import dev.kappa.lambda.VersionKey;
import dev.kappa.wire.PlatformTokens;
import dev.kappa.wire.Wire;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PackageUploadsTest {
    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private TestApi api;

    @BeforeEach
    void start() throws Exception {
        api = new TestApi(vertx);
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    }

    private HttpResponse<String> upload(byte[] body) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create(api.publicUrl() + "/kappa/v1/namespaces/media/packages"))
                        .PUT(BodyPublishers.ofByteArray(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private HttpResponse<byte[]> internal(String method, String path, String token, byte[] body) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create(api.internalUrl() + Wire.PACKAGES + "/" + path))
                        .method(method, BodyPublishers.ofByteArray(body))
                        .header(Wire.PLATFORM, token)
                        .build(),
                BodyHandlers.ofByteArray());
    }

    private static String sha256(byte[] content) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    }

    private static long temporaryFiles() throws Exception {
        try (var files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().startsWith("kappa-package-"))
                    .count();
        }
    }

    @Test
    void refusesABadPackageAndLeavesNothingBehind() throws Exception {
        var slip = upload(ZipGuardTest.zip("../evil", "x"));
        var large = upload(new byte[(50 << 20) + 1]);

        assertThat(slip.statusCode()).isEqualTo(400);
        assertThat(slip.body()).contains("outside of the function's folder");
        assertThat(large.statusCode()).isEqualTo(400);
        assertThat(large.body()).contains("larger than 52428800 bytes");
        assertThat(api.store.packages).isEmpty();
        assertThat(temporaryFiles()).isZero();
    }

    @Test
    void storesAnUpload() throws Exception {
        byte[] zip = ZipGuardTest.zip("app.py", "hello");

        var stored = upload(zip);

        assertThat(stored.statusCode()).isEqualTo(201);
        assertThat(new JsonObject(stored.body()))
                .isEqualTo(new JsonObject().put("sha256", sha256(zip)).put("size", zip.length));
        assertThat(api.store.packages).containsKey("media/" + sha256(zip));
        assertThat(temporaryFiles()).isZero();
    }

    @Test
    void storesALargePackageOfTheOperator() throws Exception {
        byte[] noise = new byte[12 << 20];
        new Random(1).nextBytes(noise);
        var bytes = new java.io.ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("noise"));
            zip.write(noise);
        }
        String name = "media/" + sha256(bytes.toByteArray());
        String platform = api.platform.to(PlatformTokens.API).token();

        var stored = internal("PUT", "media", platform, bytes.toByteArray());

        assertThat(stored.statusCode()).isEqualTo(201);
        assertThat(api.store.packages.get(name)).isEqualTo(bytes.toByteArray());
    }

    @Test
    void theInternalPortIsForThePlatformOnly() throws Exception {
        byte[] zip = ZipGuardTest.zip("app.py", "hello");
        String shim = new InstanceTokens("secret").of(new VersionKey("media", "hello", "$LATEST"), "hello-1");

        assertThat(internal("PUT", "media", shim, zip).statusCode()).isEqualTo(403);
        assertThat(api.store.packages).isEmpty();
    }
}
