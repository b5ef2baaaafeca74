package dev.kappa.controlplane.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class VersionCallsTest extends ControlCalls {
    @Test
    void publishesOnceUntilTheFunctionChanges() throws Exception {
        JsonObject first = ok(201, "POST", "/hello/versions", "{\"Description\": \"the first\"}");
        JsonObject again = ok(201, "POST", "/hello/versions", "{}");
        function(spec().put("handler", "b.handler"), status(2, "c2", 1));
        JsonObject second = ok(201, "POST", "/hello/versions", "");

        assertThat(first.getString("Version")).isEqualTo("1");
        assertThat(first.getString("FunctionArn")).isEqualTo(ARN + ":1");
        assertThat(first.getString("Description")).isEqualTo("the first");
        assertThat(first.getString("CodeSha256")).isEqualTo(BASE64);
        assertThat(first.getString("State")).isEqualTo("Pending");
        assertThat(again).isEqualTo(first);
        assertThat(second.getString("Version")).isEqualTo("2");
        assertThat(second.getString("Handler")).isEqualTo("b.handler");
        assertThat(resources
                        .get(Kind.VERSION, "default", "hello.1")
                        .orElseThrow()
                        .spec())
                .isEqualTo(new JsonObject()
                        .put("function", "hello")
                        .put("number", 1)
                        .put("description", "the first")
                        .put(
                                "snapshot",
                                new JsonObject()
                                        .put("codeSha256", SHA256)
                                        .put("configSha256", "c1")
                                        .put("function", spec())));
    }

    @Test
    void freezesWhereTheCodeCameFromAndTheLayers() throws Exception {
        JsonObject object = new JsonObject("{\"source\": \"s3://b/k\", \"versionId\": \"v\"}");
        JsonArray layers = new JsonArray("[{\"sha256\": \"aa\"}, {\"sha256\": \"bb\"}]");
        function(spec(), status(1, "c1", 0).put("s3", object).put("layers", layers));

        ok(201, "POST", "/hello/versions", "{}");

        JsonObject snapshot = resources
                .get(Kind.VERSION, "default", "hello.1")
                .orElseThrow()
                .spec()
                .getJsonObject("snapshot");
        assertThat(snapshot.getJsonObject("s3")).isEqualTo(object);
        assertThat(snapshot.getJsonArray("layers")).isEqualTo(layers);
    }

    @Test
    void takesNoNumberTwice() throws Exception {
        function(spec(), status(1, "c1", 7));
        resources.beforeWrite = name -> {
            resources.beforeWrite = other -> {};
            version(8, "somebody else's");
        };

        assertThat(ok(201, "POST", "/hello/versions", "{}").getString("Version"))
                .isEqualTo("9");
    }

    @Test
    void answersWhatSomebodyElsePublishedOfTheSame() throws Exception {
        resources.beforeWrite = name -> {
            resources.beforeWrite = other -> {};
            version(1, "c1");
        };

        assertThat(ok(201, "POST", "/hello/versions", "{}").getString("Version"))
                .isEqualTo("1");
        assertThat(resources.list(Kind.VERSION, "default")).hasSize(1);
    }

    @Test
    void waitsForCodeAndForSnapshotsOfOthers() throws Exception {
        function(spec().put("handler", "b.handler"), status(1, "c1", 0));
        resources.put(
                Kind.VERSION,
                "hello.1",
                new JsonObject().put("function", "hello").put("number", 1),
                new JsonObject());
        CompletableFuture<Void> operator = CompletableFuture.runAsync(
                () -> {
                    version(1, "c2");
                    function(spec().put("handler", "b.handler"), status(2, "c2", 1));
                },
                CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS));

        assertThat(ok(201, "POST", "/hello/versions", "{}").getString("Version"))
                .isEqualTo("1");
        assertThat(operator).isCompleted();
    }

    @Test
    void givesUpOnAFunctionThatStaysInMotion() throws Exception {
        function(spec().put("handler", "b.handler"), status(1, "c1", 0));

        refused(
                409,
                "ResourceConflictException",
                "An update is in progress for resource: " + ARN,
                "POST",
                "/hello/versions",
                "{}");
    }

    @Test
    void saysWhyTheCodeIsNotThere() throws Exception {
        function(
                spec(),
                status(1, "c1", 0).put("conditions", conditions("False", "False", "FetchFailed", "404 from x")));

        refused(409, "ResourceConflictException", "its code is not there: 404 from x", "POST", "/hello/versions", "{}");
    }

    @Test
    void publishesOnlyWhatTheCallerMeant() throws Exception {
        String revision = ok(200, "GET", "/hello/configuration", "").getString("RevisionId");

        refused(
                412,
                "PreconditionFailedException",
                "The Revision Id provided does not match",
                "POST",
                "/hello/versions",
                "{\"RevisionId\": \"1\"}");
        refused(
                400,
                "InvalidParameterValueException",
                "CodeSHA256 (abc) is different from current CodeSHA256 in $LATEST (" + BASE64 + ")",
                "POST",
                "/hello/versions",
                "{\"CodeSha256\": \"abc\"}");
        ok(
                201,
                "POST",
                "/hello/versions",
                new JsonObject()
                        .put("CodeSha256", BASE64)
                        .put("RevisionId", revision)
                        .encode());
    }

    @Test
    void publishesAnImageWithoutADigestOfCode() throws Exception {
        JsonObject image = spec().put(
                        "code", new JsonObject("{\"image\": {\"reference\": \"r/app@sha256:1\", \"args\": [\"a\"]}}"));
        JsonObject status = status(2, "c2", 0);
        status.remove("codeSha256");
        function(image, status);

        JsonObject published = ok(201, "POST", "/hello/versions", "{}");

        assertThat(published.getString("PackageType")).isEqualTo("Image");
        assertThat(published.containsKey("CodeSha256")).isFalse();
        assertThat(published.getJsonObject("ImageConfigResponse").encode())
                .isEqualTo("{\"ImageConfig\":{\"Command\":[\"a\"]}}");
        assertThat(ok(200, "GET", "/hello:1", "").getJsonObject("Code").getString("ImageUri"))
                .isEqualTo("r/app@sha256:1");
        refused(
                400,
                "InvalidParameterValueException",
                "CodeSHA256 (abc) is different",
                "POST",
                "/hello/versions",
                "{\"CodeSha256\": \"abc\"}");
    }

    @Test
    void listsLatestFirstAndPageByPage() throws Exception {
        for (int number : new int[] {10, 9, 1}) {
            version(number, "c" + number);
        }

        JsonObject first = ok(200, "GET", "/hello/versions?MaxItems=3", "");
        JsonObject rest = ok(200, "GET", "/hello/versions?Marker=" + first.getString("NextMarker"), "");

        assertThat(versions(first)).containsExactly("$LATEST", "1", "9");
        assertThat(first.getJsonArray("Versions").getJsonObject(0).getString("FunctionArn"))
                .isEqualTo(ARN + ":$LATEST");
        assertThat(versions(rest)).containsExactly("10");
        assertThat(rest.containsKey("NextMarker")).isFalse();
        refused(400, "ValidationException", "at 'maxItems'", "GET", "/hello/versions?MaxItems=0", "");
        refused(400, "InvalidParameterValueException", "Marker '!'", "GET", "/hello/versions?Marker=!", "");
    }

    private static List<String> versions(JsonObject page) {
        JsonArray versions = page.getJsonArray("Versions");
        return versions.stream()
                .map(it -> ((JsonObject) it).getString("Version"))
                .toList();
    }

    @Test
    void deletesAVersionThatNoAliasNeeds() throws Exception {
        version(1, "c1");
        version(2, "c2");
        version(3, "c3");
        alias("live", "{\"version\": 1, \"routing\": {\"version\": 2, \"weight\": 10}}");

        for (String used : new String[] {"?Qualifier=1", ":2?"}) {
            refused(
                    409,
                    "ResourceConflictException",
                    "Unable to delete version because the following aliases reference it: [live]",
                    "DELETE",
                    "/hello" + used,
                    "");
        }
        ok(204, "DELETE", "/hello?Qualifier=3", "");
        ok(204, "DELETE", "/hello?Qualifier=3", "");

        assertThat(resources.get(Kind.VERSION, "default", "hello.3")).isEmpty();
        refused(
                400,
                "InvalidParameterValueException",
                "$LATEST version cannot be deleted",
                "DELETE",
                "/hello?Qualifier=$LATEST",
                "");
        refused(400, "InvalidParameterValueException", "Deletion of aliases", "DELETE", "/hello?Qualifier=live", "");
    }

    @Test
    void waitsForThePolicyToLearnThatTheAliasIsGone() throws Exception {
        version(1, "c1");
        int[] refusals = {2};
        resources.beforeWrite = name -> {
            if (refusals[0]-- > 0) {
                throw new ResourceException(403, "version hello.1 is in use by alias live", null);
            }
        };

        ok(204, "DELETE", "/hello?Qualifier=1", "");
    }
}
