package dev.kappa.operator.code;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.kappa.api.v1alpha1.Code;
import dev.kappa.api.v1alpha1.FunctionSpec;
import dev.kappa.api.v1alpha1.Layer;
import dev.kappa.operator.code.CodeResult.Missing;
import dev.kappa.operator.code.CodeResult.Stored;
import dev.kappa.operator.code.StoredPackage.Origin;
import dev.kappa.operator.http.PlatformClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is fetched from a bucket, and when; BucketIT asks a real store. */
@Timeout(60)
class S3SourceTest {
    private static final String OLD = "old code";
    private static final String NEW = "new code";

    private final HttpClient http = HttpClient.newHttpClient();
    /** Contents by {@code key?versionId=…}. */
    private final Map<String, String> objects = new ConcurrentHashMap<>();

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private HttpServer bucket;
    private StoreServer store;
    private CodeSource code;

    @BeforeEach
    void start() throws IOException {
        store = new StoreServer();
        bucket = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        bucket.createContext("/", this::answer);
        bucket.start();
        code = new CodeSource(
                new PackageClient(new PlatformClient(http, StoreServer.TOKENS), store.url(), store.url()),
                List.of("127.0.0.1"),
                new S3Defaults(endpoint(), "us-east-1"),
                (namespace, name) -> Optional.of(Map.of(S3Fetch.KEY_ID, "id", S3Fetch.KEY, "key")));
        objects.put("app.zip", OLD);
        objects.put("app.zip?versionId=v1", OLD);
    }

    @AfterEach
    void stop() {
        bucket.stop(0);
        store.close();
        http.close();
    }

    @Test
    void anObjectIsFetchedOnceAndPinned() throws Exception {
        Stored first = resolve(Known.NOTHING);
        objects.put("app.zip", NEW);

        Stored second = resolve(new Known(first.packages(), true));

        assertThat(first.packages().code())
                .isEqualTo(new StoredPackage(digest(OLD), new Origin("s3://artifacts/app.zip", "v1")));
        assertThat(second).isEqualTo(first);
        assertThat(asked).containsExactly("app.zip");
        assertThat(store.packages).containsExactly("media/" + digest(OLD));
    }

    @Test
    void aLostPackageIsFetchedAgainInTheVersionThatItHad() throws Exception {
        Stored first = resolve(Known.NOTHING);
        objects.put("app.zip", NEW);
        store.packages.clear();
        code.forget();

        assertThat(resolve(new Known(first.packages(), false))).isEqualTo(first);
        assertThat(asked).containsExactly("app.zip", "app.zip?versionId=v1");
        assertThat(store.packages).containsExactly("media/" + digest(OLD));
    }

    @Test
    void aLostPackageWhoseObjectIsAnotherOneIsNotReplacedSilently() throws Exception {
        Stored first = resolve(Known.NOTHING);
        objects.put("app.zip?versionId=v1", NEW);
        store.packages.clear();
        code.forget();

        Missing missing = (Missing) code.resolve("media", spec(), new Known(first.packages(), true));

        assertThat(missing.reason()).isEqualTo("DigestMismatch");
        assertThat(missing.message())
                .contains("s3://artifacts/app.zip", digest(NEW), digest(OLD), "versionId or another key");
        assertThat(store.packages).isEmpty();
    }

    @Test
    void aFrozenPackageIsFetchedAgainFromItsSnapshot() throws Exception {
        Packages frozen = resolve(Known.NOTHING).packages();
        store.packages.clear();
        code.forget();

        assertThat(code.pinned("media", spec(), frozen, Known.NOTHING)).isEqualTo(new Stored(frozen));
    }

    @Test
    void layersAreStoredInTheirOrder() throws Exception {
        objects.put("tools.zip", NEW);
        FunctionSpec spec = spec();
        spec.layers = List.of(layer("tools.zip"), layer("app.zip"));

        Stored stored = (Stored) code.resolve("media", spec, Known.NOTHING);

        assertThat(stored.packages().layerSha256s()).containsExactly(digest(NEW), digest(OLD));
    }

    @Test
    void aLayerThatIsMissingIsNamedByItsPlace() throws Exception {
        FunctionSpec spec = spec();
        spec.layers = List.of(layer("app.zip"), layer("none.zip"));

        Missing missing = (Missing) code.resolve("media", spec, Known.NOTHING);

        assertThat(missing.reason()).isEqualTo("ObjectNotFound");
        assertThat(missing.message()).startsWith("spec.layers[1].s3: s3://artifacts/none.zip is not there (NoSuchKey)");
    }

    @Test
    void aBucketOfAnotherRegionIsNamed() throws Exception {
        FunctionSpec spec = spec();
        spec.code.s3.key = "elsewhere.zip";

        assertThat(((Missing) code.resolve("media", spec, Known.NOTHING)).message())
                .contains("is in another region, eu-central-1; set spec.code.s3.region to it.");
    }

    @Test
    void whatIsLargerThanAnUploadMayBeIsGivenUp() throws Exception {
        FunctionSpec spec = spec();
        spec.code.s3.key = "large.zip";

        Missing missing = (Missing) code.resolve("media", spec, Known.NOTHING);

        assertThat(missing.message()).contains("it is larger than 50 MiB");
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String key = exchange.getRequestURI().toString().replace("/artifacts/", "");
            asked.add(key);
            String content = objects.get(key);
            if (key.equals("large.zip")) {
                exchange.sendResponseHeaders(200, 51 << 20);
                byte[] block = new byte[1 << 20];
                for (int i = 0; i < 51; i++) {
                    exchange.getResponseBody().write(block);
                }
            } else if (key.equals("elsewhere.zip")) {
                exchange.getResponseHeaders().set("x-amz-bucket-region", "eu-central-1");
                error(exchange, 301, "PermanentRedirect");
            } else if (content == null) {
                error(exchange, 404, "NoSuchKey");
            } else {
                exchange.getResponseHeaders().set("x-amz-version-id", "v1");
                exchange.sendResponseHeaders(200, content.length());
                exchange.getResponseBody().write(content.getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private static void error(HttpExchange exchange, int status, String code) throws IOException {
        byte[] body =
                ("<Error><Code>" + code + "</Code><Message>no</Message></Error>").getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    private Stored resolve(Known known) throws InterruptedException {
        return (Stored) code.resolve("media", spec(), known);
    }

    private String endpoint() {
        return "http://127.0.0.1:" + bucket.getAddress().getPort();
    }

    private static FunctionSpec spec() {
        FunctionSpec spec = new FunctionSpec();
        spec.code = new Code();
        spec.code.s3 = object("app.zip");
        return spec;
    }

    private static Layer layer(String key) {
        Layer layer = new Layer();
        layer.s3 = object(key);
        return layer;
    }

    private static Code.S3 object(String key) {
        Code.S3 s3 = new Code.S3();
        s3.bucket = "artifacts";
        s3.key = key;
        s3.credentialsSecretName = "s3-credentials";
        return s3;
    }

    private static String digest(String content) {
        return CodeSource.sha256(content.getBytes(StandardCharsets.UTF_8));
    }
}
