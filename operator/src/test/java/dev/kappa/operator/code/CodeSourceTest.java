package dev.kappa.operator.code;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.api.v1alpha1.Code;
import dev.kappa.api.v1alpha1.FunctionSpec;
import dev.kappa.operator.code.CodeResult.Missing;
import dev.kappa.operator.code.CodeResult.Stored;
import dev.kappa.operator.http.PlatformClient;
import java.io.IOException;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CodeSourceTest {
    private static final Map<String, String> FILES = Map.of("app.py", "def handler(event, context): return 1");
    private static final String DIGEST = CodeSource.sha256(InlineZip.of(FILES));

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<String> heard = new ArrayList<>();
    private StoreServer store;
    private CodeSource code;
    private PackageStoreWatch watch;

    @BeforeEach
    void start() throws IOException {
        store = new StoreServer();
        code = new CodeSource(
                new PackageClient(new PlatformClient(http, StoreServer.TOKENS), store.url(), store.url()),
                List.of(),
                new S3Defaults("", "us-east-1"),
                (namespace, name) -> Optional.empty());
        watch = new PackageStoreWatch(code, "kappa-system", () -> true, new PackageStoreWatch.Listener() {
            @Override
            public void emptied() {
                heard.add("emptied");
            }

            @Override
            public void back() {
                heard.add("back");
            }
        });
    }

    @AfterEach
    void stop() {
        store.close();
        http.close();
    }

    @Test
    void aWipedStoreIsNoticedAndFilledAgain() throws Exception {
        watch.look();
        assertThat(code.resolve("media", inline(), Known.NOTHING)).isEqualTo(stored(DIGEST));
        heard.clear();
        store.packages.clear();

        watch.look();

        assertThat(heard).containsExactly("emptied");
        assertThat(code.resolve("media", inline(), known(DIGEST))).isEqualTo(stored(DIGEST));
        assertThat(store.packages).contains("media/" + DIGEST);
        watch.look();
        assertThat(heard).containsExactly("emptied");
    }

    @Test
    void lookingCostsOneCallWhateverThereIs() throws Exception {
        watch.look();
        for (int i = 0; i < 50; i++) {
            code.resolve("media", inline(Map.of("app.py", "pass # " + i)), Known.NOTHING);
        }
        int before = store.lookUps.get();

        watch.look();

        assertThat(store.lookUps.get() - before).isEqualTo(1);
    }

    @Test
    void aStoreThatAnswersAgainIsTold() throws Exception {
        watch.look();
        heard.clear();
        store.broken = true;
        watch.look();
        watch.look();
        assertThat(heard).isEmpty();
        store.broken = false;

        watch.look();
        watch.look();

        assertThat(heard).containsExactly("back");
    }

    @Test
    void aFrozenPackageIsStoredAgainFromTheFrozenManifest() throws Exception {
        assertThat(code.pinned("media", inline(), packages(DIGEST), known(DIGEST)))
                .isEqualTo(stored(DIGEST));
        assertThat(store.packages).containsExactly("media/" + DIGEST);
    }

    @Test
    void aFrozenPackageThatItsManifestDoesNotGiveIsToBeUploadedAgain() throws Exception {
        String other = "ab".repeat(32);

        Missing missing = (Missing) code.pinned("media", inline(), packages(other), known(other));

        assertThat(missing.reason()).isEqualTo("PackageNotFound");
        assertThat(missing.message()).contains(other, "curl -T function.zip", "/namespaces/media/packages");
        assertThat(store.packages).isEmpty();
    }

    @Test
    void anUploadedPackageThatIsLostSaysHowToUploadItAgain() throws Exception {
        Code uploaded = new Code();
        uploaded.uploaded = new Code.UploadedPackage();
        uploaded.uploaded.sha256 = DIGEST;

        assertThat(((Missing) code.resolve("media", spec(uploaded), known(DIGEST))).message())
                .contains(DIGEST, "curl -T function.zip", "/namespaces/media/packages");
    }

    @Test
    void aStoreThatDoesNotAnswerStopsNothingThatWasStored() throws Exception {
        store.broken = true;

        assertThat(code.resolve("media", inline(), known(DIGEST))).isEqualTo(stored(DIGEST));
        assertThat(code.resolve("media", inline(), known("another")))
                .isInstanceOfSatisfying(
                        Missing.class, missing -> assertThat(missing.reason()).isEqualTo("PackageStoreUnavailable"));
    }

    private static FunctionSpec inline() {
        return inline(FILES);
    }

    private static FunctionSpec inline(Map<String, String> files) {
        Code code = new Code();
        code.inline = files;
        return spec(code);
    }

    private static FunctionSpec spec(Code code) {
        FunctionSpec spec = new FunctionSpec();
        spec.code = code;
        return spec;
    }

    private static Stored stored(String sha256) {
        return new Stored(packages(sha256));
    }

    private static Packages packages(String sha256) {
        return new Packages(new StoredPackage(sha256, null), List.of());
    }

    private static Known known(String sha256) {
        return new Known(packages(sha256), true);
    }
}
