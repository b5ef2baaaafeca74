package dev.kappa.controlplane.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.identity.Access;
import dev.kappa.lambda.Accounts;
import dev.kappa.lambda.DnsLabels;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;

/** Layers that are published, listed, shared and given to functions through the API. */
class LayerCallsTest extends ControlCalls {
    private static final String INVALID = "InvalidParameterValueException";
    private static final String ABSENT = "ResourceNotFoundException";
    private static final String LAYERS = "/2018-10-31/layers";
    private static final String COMMON = "arn:aws:lambda:us-east-1:000000000000:layer:common";

    private static String zip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            out.putNextEntry(new ZipEntry("python/shared.py"));
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    private JsonObject publish(String layer, String zip, String more) throws Exception {
        JsonObject body = new JsonObject(more).put("Content", new JsonObject().put("ZipFile", zip));
        return ok(201, "POST", LAYERS + "/" + layer + "/versions", body.encode());
    }

    private static List<Integer> numbers(JsonObject listed) {
        return listed.getJsonArray("LayerVersions").stream()
                .map(it -> ((JsonObject) it).getInteger("Version"))
                .toList();
    }

    @Test
    void publishesAndShowsVersions() throws Exception {
        String zip = zip("one");
        JsonObject first = publish("Common_1", zip, """
                {"Description": "ours", "LicenseInfo": "MIT", "CompatibleRuntimes": ["python3.13"],
                 "CompatibleArchitectures": ["x86_64"]}
                """);

        assertThat(first.getString("LayerArn")).isEqualTo(COMMON.replace("common", "Common_1"));
        assertThat(first.getString("LayerVersionArn")).isEqualTo(COMMON.replace("common", "Common_1") + ":1");
        assertThat(first.getInteger("Version")).isEqualTo(1);
        assertThat(first.getString("Description")).isEqualTo("ours");
        assertThat(first.getString("LicenseInfo")).isEqualTo("MIT");
        assertThat(first.getJsonArray("CompatibleRuntimes")).containsExactly("python3.13");
        assertThat(first.getString("CreatedDate")).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}\\+0000");
        assertThat(first.getJsonObject("Content").getInteger("CodeSize"))
                .isEqualTo(Base64.getDecoder().decode(zip).length);
        assertThat(publish("Common_1", zip("two"), "{}").getInteger("Version")).isEqualTo(2);

        String versions = LAYERS + "/Common_1/versions";
        assertThat(ok(200, "GET", versions + "/1", "")).isEqualTo(first);
        assertThat(ok(200, "GET", LAYERS + "?find=LayerVersion&Arn=" + first.getString("LayerVersionArn"), ""))
                .isEqualTo(first);
        JsonObject stored = resources
                .get(Kind.LAYER, "default", DnsLabels.ofFunction("Common_1"))
                .orElseThrow()
                .spec();
        assertThat(stored.getString("layerName")).isEqualTo("Common_1");
        assertThat(stored.getJsonObject("versions").fieldNames()).containsExactly("1", "2");
        refused(404, ABSENT, "does not exist", "GET", versions + "/3", "");
        refused(404, ABSENT, "does not exist", "GET", LAYERS + "/none/versions/1", "");
        refused(400, INVALID, "Layer Version Cannot be less than 1", "GET", versions + "/0", "");
    }

    @Test
    void doesNotGiveANumberTwice() throws Exception {
        for (int i = 1; i <= 2; i++) {
            publish("common", zip("x" + i), "{}");
        }
        ok(204, "DELETE", LAYERS + "/common/versions/2", "");
        ok(204, "DELETE", LAYERS + "/common/versions/2", "");
        ok(204, "DELETE", LAYERS + "/none/versions/2", "");
        assertThat(publish("common", zip("x"), "{}").getInteger("Version")).isEqualTo(3);
        assertThat(numbers(ok(200, "GET", LAYERS + "/common/versions", ""))).containsExactly(3, 1);
        ok(204, "DELETE", LAYERS + "/common/versions/1", "");
        ok(204, "DELETE", LAYERS + "/common/versions/3", "");
        assertThat(ok(200, "GET", LAYERS, "").getJsonArray("Layers")).isEmpty();
    }

    @Test
    void looksAgainWhenAnotherPublishes() throws Exception {
        AtomicInteger others = new AtomicInteger(3);
        resources.beforeWrite = name -> {
            if (others.getAndDecrement() > 0) {
                Resource layer = resources.get(Kind.LAYER, "default", "common").orElse(null);
                JsonObject spec =
                        layer == null ? new JsonObject() : layer.spec().copy();
                long last = spec.getLong("lastVersion", 0L) + 1;
                JsonObject versions = spec.getJsonObject("versions", new JsonObject())
                        .put(
                                String.valueOf(last),
                                new JsonObject().put("package", new JsonObject().put("sha256", SHA256)));
                resources.put(
                        Kind.LAYER,
                        "common",
                        spec.put("lastVersion", last).put("versions", versions),
                        new JsonObject());
            }
        };
        assertThat(publish("common", zip("x"), "{}").getInteger("Version")).isEqualTo(4);
        assertThat(numbers(ok(200, "GET", LAYERS + "/common/versions", ""))).containsExactly(4, 3, 2, 1);
    }

    @Test
    void listsByRuntimeAndArchitectureInPages() throws Exception {
        publish("b", zip("1"), "{\"CompatibleRuntimes\": [\"python3.13\"]}");
        publish("b", zip("2"), "{\"CompatibleRuntimes\": [\"nodejs22.x\"], \"CompatibleArchitectures\": [\"arm64\"]}");
        publish("a", zip("3"), "{}");

        JsonObject layers = ok(200, "GET", LAYERS + "/", "");
        assertThat(layers.getJsonArray("Layers").stream().map(it -> ((JsonObject) it).getString("LayerName")))
                .containsExactly("a", "b");
        JsonObject python = ok(200, "GET", LAYERS + "?CompatibleRuntime=python3.13", "");
        JsonObject matching = python.getJsonArray("Layers").getJsonObject(0);
        assertThat(python.getJsonArray("Layers")).hasSize(1);
        assertThat(matching.getJsonObject("LatestMatchingVersion").getInteger("Version"))
                .isEqualTo(1);
        assertThat(matching.getJsonObject("LatestMatchingVersion").containsKey("Content"))
                .isFalse();
        assertThat(numbers(ok(200, "GET", LAYERS + "/b/versions?CompatibleArchitecture=arm64", "")))
                .containsExactly(2);
        JsonObject page = ok(200, "GET", LAYERS + "/b/versions?MaxItems=1", "");
        assertThat(numbers(page)).containsExactly(2);
        assertThat(numbers(
                        ok(200, "GET", LAYERS + "/b/versions?MaxItems=1&Marker=" + page.getString("NextMarker"), "")))
                .containsExactly(1);
        assertThat(numbers(ok(200, "GET", LAYERS + "/none/versions", ""))).isEmpty();
    }

    @Test
    void givesLayersToAFunction() throws Exception {
        JsonObject first = publish("common", zip("one"), "{}");
        String arn = first.getString("LayerVersionArn");
        JsonObject changed = ok(200, "PUT", "/hello/configuration", "{\"Layers\": [\"" + arn + "\"]}");

        assertThat(changed.getJsonArray("Layers").encode())
                .isEqualTo("[{\"Arn\":\"" + arn + "\",\"CodeSize\":"
                        + first.getJsonObject("Content").getInteger("CodeSize") + "}]");
        JsonObject layer = spec("hello").getJsonArray("layers").getJsonObject(0);
        assertThat(layer.getString("arn")).isEqualTo(arn);
        assertThat(Configurations.base64(layer.getJsonObject("package").getString("sha256")))
                .isEqualTo(first.getJsonObject("Content").getString("CodeSha256"));

        ok(204, "DELETE", LAYERS + "/common/versions/1", "");
        assertThat(ok(200, "GET", "/hello/configuration", "").getJsonArray("Layers"))
                .hasSize(1);
        function(spec("hello"), status(2, "c1", 0));
        assertThat(ok(200, "PUT", "/hello/configuration", "{\"Layers\": []}").containsKey("Layers"))
                .isFalse();
        assertThat(spec("hello").containsKey("layers")).isFalse();
    }

    private JsonObject spec(String name) {
        return resources
                .get(Kind.FUNCTION, "default", name)
                .orElseThrow()
                .spec()
                .copy();
    }

    @Test
    void showsPackagesOfAManifestAndTakesThemBack() throws Exception {
        JsonObject spec = spec("hello")
                .put("layers", new JsonArray("[{\"package\": {\"sha256\": \"" + SHA256 + "\"}}, {\"s3\": {}}]"));
        JsonObject status = status(1, "c1", 0)
                .put("layers", new JsonArray("[{}, {\"sha256\": \"" + SHA256.replace("ff", "aa") + "\"}]"));
        function(spec, status);
        JsonArray shown = ok(200, "GET", "/hello/configuration", "").getJsonArray("Layers");
        String second = shown.getJsonObject(1).getString("Arn");

        assertThat(shown.getJsonObject(0).getString("Arn"))
                .isEqualTo(COMMON.replace("common", "package-" + SHA256) + ":1");
        function(spec, status(2, "c1", 0));
        ok(200, "PUT", "/hello/configuration", "{\"Layers\": [\"" + second + "\"]}");
        assertThat(spec("hello").getJsonArray("layers").encode())
                .isEqualTo("[{\"package\":{\"sha256\":\"" + SHA256.replace("ff", "aa") + "\"}}]");
    }

    @Test
    void refusesLayersThatAFunctionCannotHave() throws Exception {
        publish("common", zip("1"), "{}");
        publish("common", zip("2"), "{}");
        for (String[] wrong : new String[][] {
            {"does not exist", COMMON + ":9"},
            {"does not exist", COMMON.replace("000000000000", "999999999999") + ":1"},
            {"are versions of the same layer", COMMON + ":1\", \"" + COMMON + ":2"},
            {"Cannot reference more than 5 layers", String.join("\", \"", Collections.nCopies(6, COMMON + ":1"))}
        }) {
            refused(400, INVALID, wrong[0], "PUT", "/hello/configuration", "{\"Layers\": [\"" + wrong[1] + "\"]}");
        }
        refused(
                400,
                INVALID,
                "name the bucket in spec.layers",
                "POST",
                LAYERS + "/common/versions",
                "{\"Content\": {\"S3Bucket\": \"code\", \"S3Key\": \"k\"}}");
        refused(
                400,
                INVALID,
                "Could not unzip",
                "POST",
                LAYERS + "/common/versions",
                "{\"Content\": {\"ZipFile\": \"eA==\"}}");
        refused(
                400,
                INVALID,
                "provide a source for the layer",
                "POST",
                LAYERS + "/common/versions",
                "{\"Content\": {}}");
    }

    @Test
    void sharesAVersionWithOtherNamespaces() throws Exception {
        resources.namespaces.add("media");
        Accounts accounts = new Accounts("us-east-1", "default");
        api.accounts.know("media");
        String policy = LAYERS + "/common/versions/1/policy";
        JsonObject first = publish("common", zip("one"), "{}");
        String use = new JsonObject()
                .put("FunctionName", "fn.media")
                .put("Runtime", "python3.13")
                .put("Handler", "app.handler")
                .put("Role", "arn:aws:iam::" + accounts.account("media") + ":role/default")
                .put("Code", new JsonObject().put("ZipFile", zip("code")))
                .put("Layers", new JsonArray().add(first.getString("LayerVersionArn")))
                .encode();
        api.refused.add(new Access("get", "layers", "default", ""));
        api.refused.add(new Access("get", "layers", "default", "common"));
        refused(403, "AccessDeniedException", "get layers.kappa.dev common", "POST", "", use);
        refused(404, ABSENT, "No policy is associated", "GET", policy, "");
        refused(404, ABSENT, "No policy is associated", "DELETE", policy + "/none", "");

        JsonObject added = ok(
                201,
                "POST",
                policy,
                "{\"StatementId\": \"media\", \"Action\": \"lambda:GetLayerVersion\", \"Principal\": \""
                        + accounts.account("media") + "\"}");

        JsonObject shown = ok(200, "GET", policy, "");
        JsonObject statement = new JsonObject(added.getString("Statement"));
        assertThat(statement.getJsonObject("Principal").getString("AWS"))
                .isEqualTo("arn:aws:iam::" + accounts.account("media") + ":root");
        assertThat(statement.getString("Resource")).isEqualTo(COMMON + ":1");
        assertThat(shown.getString("RevisionId")).isEqualTo(added.getString("RevisionId"));
        assertThat(new JsonObject(shown.getString("Policy")).getJsonArray("Statement"))
                .containsExactly(statement);
        ok(201, "POST", "", use);
        String sha256 = resources
                .get(Kind.FUNCTION, "media", "fn")
                .orElseThrow()
                .spec()
                .getJsonArray("layers")
                .getJsonObject(0)
                .getJsonObject("package")
                .getString("sha256");
        assertThat(api.store.packages).containsKey("media/" + sha256);
        refused(412, "PreconditionFailedException", "GetLayerPolicy", "DELETE", policy + "/media?RevisionId=stale", "");
        refused(404, ABSENT, "Statement none is not found", "DELETE", policy + "/none", "");
        ok(204, "DELETE", policy + "/media", "");
        refused(404, ABSENT, "No policy is associated", "GET", policy, "");
        refused(404, ABSENT, "Layer version " + COMMON + ":2 does not exist", "GET", policy.replace("/1/", "/2/"), "");
    }
}
