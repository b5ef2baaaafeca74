package dev.kappa.gateway.packages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.gateway.TestGateway;
import dev.kappa.gateway.catalog.FunctionInfo;
import dev.kappa.lambda.VersionKey;
import dev.kappa.wire.Wire;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PackageApiTest {
    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private TestGateway gateway;

    @BeforeEach
    void start() throws Exception {
        gateway = new TestGateway(vertx, "gateway-a");
        gateway.catalog.put(new FunctionInfo("media", "hello", 3, null, "r1", null));
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    }

    private HttpResponse<String> upload(byte[] body) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create(gateway.publicUrl() + "/kappa/v1/namespaces/media/packages"))
                        .PUT(BodyPublishers.ofByteArray(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private HttpResponse<byte[]> internal(String method, String path, String token, byte[] body) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create(gateway.internalUrl() + Wire.PACKAGES + "/" + path))
                        .method(method, BodyPublishers.ofByteArray(body))
                        .header(Wire.TOKEN, token)
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
    void storesAnUploadAndGivesItToShims() throws Exception {
        byte[] zip = ZipGuardTest.zip("app.py", "hello");
        String shimToken = gateway.tokens.of(new VersionKey("media", "hello", "$LATEST"));

        var stored = upload(zip);
        var read = internal("GET", "media/" + sha256(zip), shimToken, new byte[0]);
        var again = internal("GET", "media/" + sha256(zip), shimToken, new byte[0]);
        var head = internal("HEAD", "media/" + sha256(zip), gateway.tokens.platform(), new byte[0]);

        assertThat(stored.statusCode()).isEqualTo(201);
        assertThat(new JsonObject(stored.body()))
                .isEqualTo(new JsonObject().put("sha256", sha256(zip)).put("size", zip.length));
        assertThat(read.body()).isEqualTo(zip);
        assertThat(again.body()).isEqualTo(zip);
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(temporaryFiles()).isZero();
    }

    @Test
    void streamsALargePackage() throws Exception {
        byte[] noise = new byte[12 << 20];
        new Random(1).nextBytes(noise);
        var bytes = new java.io.ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("noise"));
            zip.write(noise);
        }
        String platform = gateway.tokens.platform();

        var stored = internal("PUT", "media", platform, bytes.toByteArray());
        var read = internal("GET", "media/" + sha256(bytes.toByteArray()), platform, new byte[0]);

        assertThat(stored.statusCode()).isEqualTo(201);
        assertThat(read.body()).isEqualTo(bytes.toByteArray());
    }

    @Test
    void refusesABadPackageAndLeavesNothingBehind() throws Exception {
        var slip = upload(ZipGuardTest.zip("../evil", "x"));
        var large = upload(new byte[(50 << 20) + 1]);

        assertThat(slip.statusCode()).isEqualTo(400);
        assertThat(slip.body()).contains("outside of the function's folder");
        assertThat(large.statusCode()).isEqualTo(400);
        assertThat(large.body()).contains("larger than 52428800 bytes");
        assertThat(gateway.store.packages).isEmpty();
        assertThat(temporaryFiles()).isZero();
    }

    @Test
    void keepsPackagesFromOtherNamespaces() throws Exception {
        byte[] zip = ZipGuardTest.zip("app.py", "hello");
        upload(zip);

        String foreign = gateway.tokens.of(new VersionKey("other", "hello", "$LATEST"));
        String shim = gateway.tokens.of(new VersionKey("media", "hello", "$LATEST"));

        assertThat(internal("GET", "media/" + sha256(zip), foreign, new byte[0]).statusCode())
                .isEqualTo(403);
        assertThat(internal("PUT", "media", shim, zip).statusCode()).isEqualTo(404);
        assertThat(internal("GET", "media/" + "0".repeat(64), shim, new byte[0]).statusCode())
                .isEqualTo(404);
    }

    @Test
    void putsBackWhatTheStoreLostAndIsStillInMemory() throws Exception {
        byte[] zip = ZipGuardTest.zip("app.py", "hello");
        upload(zip);
        String platform = gateway.tokens.platform();
        String path = "media/" + sha256(zip);
        internal("GET", path, platform, new byte[0]);
        gateway.store.packages.clear();

        var head = internal("HEAD", path, platform, new byte[0]);

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(gateway.store.packages).containsOnlyKeys(path);
    }

    @Test
    void tellsAPackageThatIsNotThereFromAStoreThatDoesNotWork() throws Exception {
        String platform = gateway.tokens.platform();
        String path = "media/" + "0".repeat(64);

        var missing = internal("GET", path, platform, new byte[0]);
        var missingHead = internal("HEAD", path, platform, new byte[0]);
        gateway.store.broken = true;
        var broken = internal("GET", path, platform, new byte[0]);
        var brokenHead = internal("HEAD", path, platform, new byte[0]);

        assertThat(missing.statusCode()).isEqualTo(404);
        assertThat(new String(missing.body(), StandardCharsets.UTF_8)).contains("Upload it again");
        assertThat(missingHead.statusCode()).isEqualTo(404);
        assertThat(broken.statusCode()).isEqualTo(503);
        assertThat(brokenHead.statusCode()).isEqualTo(503);
    }

    @Test
    void fetchesAPackageOnceForAllWhoWaitForIt() throws Exception {
        byte[] zip = ZipGuardTest.zip("app.py", "hello");
        upload(zip);
        String platform = gateway.tokens.platform();
        String path = "media/" + sha256(zip);
        CountDownLatch gate = new CountDownLatch(1);
        gateway.store.gate = gate;

        List<CompletableFuture<Integer>> answers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            answers.add(CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            return internal("GET", path, platform, new byte[0]).statusCode();
                        } catch (Exception e) {
                            throw new IllegalStateException(e);
                        }
                    },
                    Thread::startVirtualThread));
        }
        while (gateway.store.sizes.get() < 20) {
            Thread.sleep(5);
        }
        gate.countDown();

        assertThat(answers)
                .allSatisfy(it -> assertThat(it.get(10, TimeUnit.SECONDS)).isEqualTo(200));
        assertThat(gateway.store.gets.get()).isEqualTo(1);
    }
}
