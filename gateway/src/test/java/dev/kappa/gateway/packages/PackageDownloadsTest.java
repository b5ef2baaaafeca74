package dev.kappa.gateway.packages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.gateway.TestGateway;
import dev.kappa.gateway.catalog.FunctionInfo;
import dev.kappa.http.CallThreads;
import dev.kappa.lambda.VersionKey;
import dev.kappa.wire.PlatformTokens;
import dev.kappa.wire.Wire;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PackageDownloadsTest {
    private static final VersionKey HELLO = new VersionKey("media", "hello", "$LATEST");

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

    private HttpResponse<byte[]> internal(String method, String path, String token, String... who) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(gateway.internalUrl() + Wire.PACKAGES + "/" + path))
                .method(method, BodyPublishers.noBody())
                .header(Wire.TOKEN, token);
        if (who.length > 0) {
            request.headers(who);
        }
        return client.send(request.build(), BodyHandlers.ofByteArray());
    }

    private HttpResponse<byte[]> ofOperator(String method, String path) throws Exception {
        return internal(
                method,
                path,
                "none",
                Wire.PLATFORM,
                gateway.platform.to(PlatformTokens.GATEWAYS).token());
    }

    private HttpResponse<byte[]> ofInstance(String path, String pod, String token) throws Exception {
        return internal("GET", path, token, Wire.INSTANCE, "hello/$LATEST/" + pod);
    }

    private static String sha256(byte[] content) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    }

    private String store(byte[] content) throws Exception {
        gateway.store.packages.put("media/" + sha256(content), content);
        return "media/" + sha256(content);
    }

    @Test
    void givesAPackageToShims() throws Exception {
        byte[] content = "a package".getBytes(StandardCharsets.UTF_8);
        String name = store(content);
        String shimToken = gateway.tokens.of(HELLO, "hello-1");

        var read = ofInstance(name, "hello-1", shimToken);
        var again = ofInstance(name, "hello-1", shimToken);
        var head = ofOperator("HEAD", name);

        assertThat(read.body()).isEqualTo(content);
        assertThat(again.body()).isEqualTo(content);
        assertThat(head.statusCode()).isEqualTo(200);
    }

    @Test
    void streamsALargePackage() throws Exception {
        byte[] noise = new byte[12 << 20];
        new Random(1).nextBytes(noise);
        String name = store(noise);

        var read = ofOperator("GET", name);

        assertThat(read.body()).isEqualTo(noise);
    }

    @Test
    void keepsPackagesFromOtherNamespaces() throws Exception {
        String name = store("a package".getBytes(StandardCharsets.UTF_8));
        String foreign = gateway.tokens.of(new VersionKey("other", "hello", "$LATEST"), "hello-1");
        String shim = gateway.tokens.of(HELLO, "hello-1");

        assertThat(ofInstance(name, "hello-1", foreign).statusCode()).isEqualTo(403);
        assertThat(ofInstance(name, "hello-2", shim).statusCode())
                .as("the token of another instance")
                .isEqualTo(403);
        assertThat(internal("GET", name, shim, Wire.INSTANCE, "hello").statusCode())
                .isEqualTo(403);
        assertThat(internal("GET", name, shim).statusCode()).isEqualTo(403);
        assertThat(ofInstance("media/" + "0".repeat(64), "hello-1", shim).statusCode())
                .isEqualTo(404);
    }

    @Test
    void givesAPackageToShimsThatAnUpgradeLeft() throws Exception {
        String name = store("a package".getBytes(StandardCharsets.UTF_8));

        assertThat(internal("GET", name, gateway.tokens.ofRelease010(HELLO)).statusCode())
                .isEqualTo(200);
        assertThat(internal("GET", name, gateway.tokens.ofRelease010(new VersionKey("other", "hello", "$LATEST")))
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void storesNothing() throws Exception {
        assertThat(ofOperator("PUT", "media").statusCode()).isEqualTo(404);
    }

    @Test
    void putsBackWhatTheStoreLostAndIsStillInMemory() throws Exception {
        String path = store("a package".getBytes(StandardCharsets.UTF_8));
        ofOperator("GET", path);
        gateway.store.packages.clear();

        var head = ofOperator("HEAD", path);

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(gateway.store.packages).containsOnlyKeys(path);
    }

    @Test
    void tellsAPackageThatIsNotThereFromAStoreThatDoesNotWork() throws Exception {
        String path = "media/" + "0".repeat(64);

        var missing = ofOperator("GET", path);
        var missingHead = ofOperator("HEAD", path);
        gateway.store.broken = true;
        var broken = ofOperator("GET", path);
        var brokenHead = ofOperator("HEAD", path);

        assertThat(missing.statusCode()).isEqualTo(404);
        assertThat(new String(missing.body(), StandardCharsets.UTF_8)).contains("Upload it again");
        assertThat(missingHead.statusCode()).isEqualTo(404);
        assertThat(broken.statusCode()).isEqualTo(503);
        assertThat(brokenHead.statusCode()).isEqualTo(503);
    }

    @Test
    void fetchesAPackageOnceForAllWhoWaitForIt() throws Exception {
        String path = store("a package".getBytes(StandardCharsets.UTF_8));
        CountDownLatch gate = new CountDownLatch(1);
        gateway.store.gate = gate;

        List<CompletableFuture<Integer>> answers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            answers.add(CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            return ofOperator("GET", path).statusCode();
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

    @Test
    void refusesToProveMoreTokensAtOnceThanItsLimit() throws Exception {
        CallThreads proofs = new CallThreads(1);
        CountDownLatch stalled = new CountDownLatch(1);
        Future<Boolean> other = proofs.run(() -> stalled.await(20, TimeUnit.SECONDS));
        PackageDownloads downloads =
                new PackageDownloads(gateway.store, gateway.tokens, gateway.platform, gateway.catalog, proofs);
        String path = store("a package".getBytes(StandardCharsets.UTF_8));
        String url = "http://127.0.0.1:"
                + vertx.createHttpServer()
                        .requestHandler(request -> downloads.internal(request, path))
                        .listen(0, "127.0.0.1")
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get(5, TimeUnit.SECONDS)
                        .actualPort();
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .header(Wire.TOKEN, gateway.tokens.ofRelease010(HELLO))
                .build();

        assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(429);
        stalled.countDown();
        assertThat(other.toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS))
                .isTrue();
        assertThat(client.send(request, BodyHandlers.ofString()).body()).isEqualTo("a package");
    }
}
