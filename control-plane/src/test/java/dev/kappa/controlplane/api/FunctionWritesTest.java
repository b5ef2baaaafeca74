package dev.kappa.controlplane.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.identity.Access;
import dev.kappa.lambda.DnsLabels;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Functions that are created, changed and deleted through the API. */
class FunctionWritesTest extends ControlCalls {
    private static final String INVALID = "InvalidParameterValueException";
    private static final String CONFLICT = "ResourceConflictException";
    private static final String DENIED = "AccessDeniedException";
    private static final String ROLE = "arn:aws:iam::000000000000:role/";

    private String zip = "";

    @BeforeEach
    void pack() throws IOException {
        zip = zip("def handler(event, context): pass");
    }

    private static String zip(String code) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            out.putNextEntry(new ZipEntry("app.py"));
            out.write(code.getBytes(StandardCharsets.UTF_8));
        }
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    private JsonObject request(String name) {
        return new JsonObject()
                .put("FunctionName", name)
                .put("Runtime", "python3.13")
                .put("Handler", "app.handler")
                .put("Role", ROLE + "default")
                .put("Code", new JsonObject().put("ZipFile", zip));
    }

    private JsonObject spec(String name) {
        return resources.get(Kind.FUNCTION, "default", name).orElseThrow().spec();
    }

    private void ready(String name) {
        Resource function = resources.get(Kind.FUNCTION, "default", name).orElseThrow();
        resources.put(Kind.FUNCTION, name, function.spec(), status(function.generation(), "c1", 0));
    }

    private void refusedCreate(String type, String message, JsonObject request) throws Exception {
        refused(
                type.equals(CONFLICT) ? 409 : type.equals(DENIED) ? 403 : 400,
                type,
                message,
                "POST",
                "",
                request.encode());
    }

    @Test
    void createsWhatWasAskedFor() throws Exception {
        JsonObject created = ok(
                201,
                "POST",
                "",
                request("MyStack-Fn")
                        .put("Description", "for us")
                        .put("Timeout", 9)
                        .put("MemorySize", 256)
                        .put("EphemeralStorage", new JsonObject().put("Size", 1024))
                        .put("Role", ROLE + "path/runner")
                        .put("Environment", new JsonObject("{\"Variables\": {\"STAGE\": \"prod\"}}"))
                        .put("DeadLetterConfig", new JsonObject().put("TargetArn", ARN))
                        .put("Architectures", new JsonArray().add("arm64"))
                        .put("Tags", new JsonObject().put("team:name", "ours"))
                        .put("TracingConfig", new JsonObject().put("Mode", "PassThrough"))
                        .put("VpcConfig", new JsonObject("{\"SubnetIds\": [], \"SecurityGroupIds\": []}"))
                        .put("Layers", new JsonArray())
                        .put("KMSKeyArn", "")
                        .encode());

        String label = DnsLabels.ofFunction("MyStack-Fn");
        String sha256 =
                spec(label).getJsonObject("code").getJsonObject("package").getString("sha256");
        assertThat(spec(label)).isEqualTo(new JsonObject("""
                        {"functionName": "MyStack-Fn", "runtime": "python3.13", "handler": "app.handler", "description": "for us",
                         "timeoutSeconds": 9, "memory": "256Mi", "ephemeralStorage": "1024Mi", "serviceAccountName": "runner",
                         "environment": [{"name": "STAGE", "value": "prod"}], "tags": {"team:name": "ours"},
                         "deadLetter": {"function": "hello"}, "code": {"package": {"sha256": "SHA"}},
                         "scheduling": {"nodeSelector": {"kubernetes.io/arch": "arm64"}}}
                        """.replace("SHA", sha256)));
        assertThat(api.store.packages.get("default/" + sha256))
                .isEqualTo(Base64.getDecoder().decode(zip));
        assertThat(created.getString("FunctionArn")).endsWith(":function:MyStack-Fn");
        assertThat(created.getString("State")).isEqualTo("Pending");
        assertThat(created.getString("StateReasonCode")).isEqualTo("Creating");
        assertThat(created.containsKey("LastUpdateStatus")).isFalse();
        assertThat(created.getString("Role")).isEqualTo(ROLE + "runner");
        assertThat(created.getString("Description")).isEqualTo("for us");
        assertThat(created.getJsonArray("Architectures")).containsExactly("arm64");
        assertThat(ok(200, "GET", "/MyStack-Fn", "").getJsonObject("Tags").encode())
                .isEqualTo("{\"team:name\":\"ours\"}");
        refusedCreate(CONFLICT, "Function already exist: MyStack-Fn", request("MyStack-Fn"));
    }

    @Test
    void knowsTheCodeOfAZipFileAtOnce() throws Exception {
        byte[] bytes = Base64.getDecoder().decode(zip);
        String sha256 = Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-256").digest(bytes));

        for (JsonObject answer : List.of(
                ok(201, "POST", "", request("a").encode()),
                ok(200, "PUT", "/hello/code", "{\"ZipFile\": \"" + zip + "\"}"))) {
            assertThat(answer.getString("CodeSha256")).isEqualTo(sha256);
            assertThat(answer.getInteger("CodeSize")).isEqualTo(bytes.length);
        }
    }

    @Test
    void takesTheRuntimesOfTheCluster() throws Exception {
        for (String runtime : List.of("php8.4", "go1.x")) {
            String name = runtime.substring(0, 3);
            ok(201, "POST", "", request(name).put("Runtime", runtime).encode());
            assertThat(spec(name).getString("runtime")).isEqualTo(runtime);
        }
        ok(200, "PUT", "/hello/configuration", "{\"Runtime\": \"php8.4\"}");
        refusedCreate(INVALID, "java8.al2, go1.x, php8.4] or be", request("a").put("Runtime", "perl5"));
    }

    @Test
    void namesTheWayOfLargerZipFiles() throws Exception {
        URI address = URI.create(api.publicUrl());
        try (Socket socket = new Socket(address.getHost(), address.getPort())) {
            socket.getOutputStream()
                    .write(
                            "PUT /2015-03-31/functions/hello/code HTTP/1.1\r\nHost: x\r\nContent-Length: 20000000\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
            socket.setSoTimeout(30_000);
            StringBuilder answer = new StringBuilder();
            for (int c = 0; c >= 0 && c != '}'; c = socket.getInputStream().read()) {
                answer.append((char) c);
            }
            assertThat(answer.toString())
                    .contains("413", "RequestEntityTooLargeException", "UpdateFunctionCode operation", "S3Bucket");
        }
    }

    @Test
    void namesTheFunctionOfTheCallerWhenTheApiServerFails() throws Exception {
        String label = DnsLabels.ofFunction("MyStack-Fn");
        resources.beforeWrite = name -> {
            throw new ResourceException(500, "functions.kappa.dev \"" + label + "\" cannot be written", null);
        };
        refused(
                500,
                "ServiceException",
                "CreateFunction of function MyStack-Fn failed, because the API server refused it or did not answer:"
                        + " functions.kappa.dev \"MyStack-Fn\" cannot be written",
                "POST",
                "",
                request("MyStack-Fn").encode());
    }

    @Test
    void takesCodeFromBucketsAndImages() throws Exception {
        JsonObject bucket = request("bucket")
                .put(
                        "Code",
                        new JsonObject(
                                "{\"S3Bucket\": \"code\", \"S3Key\": \"a/b.zip\", \"S3ObjectVersion\": \"v1\"}"));
        ok(201, "POST", "", bucket.encode());
        assertThat(spec("bucket").getJsonObject("code").encode())
                .isEqualTo("{\"s3\":{\"bucket\":\"code\",\"key\":\"a/b.zip\",\"versionId\":\"v1\"}}");

        JsonObject image = request("image")
                .put("PackageType", "Image")
                .put("Code", new JsonObject().put("ImageUri", "registry/app@sha256:" + SHA256))
                .put("ImageConfig", new JsonObject("{\"EntryPoint\": [\"/a\"], \"WorkingDirectory\": \"/w\"}"));
        image.remove("Runtime");
        image.remove("Handler");
        JsonObject created = ok(201, "POST", "", image.encode());
        assertThat(created.getString("PackageType")).isEqualTo("Image");
        assertThat(created.getJsonObject("ImageConfigResponse")
                        .getJsonObject("ImageConfig")
                        .encode())
                .contains("/a", "/w");
        ready("image");
        refused(
                400,
                INVALID,
                "Please provide ImageUri when updating",
                "PUT",
                "/image/code",
                "{\"ZipFile\": \"" + zip + "\"}");
        ok(200, "PUT", "/image/code", "{\"ImageUri\": \"registry/app@sha256:00\"}");
        ready("image");
        ok(200, "PUT", "/image/configuration", "{\"ImageConfig\": {\"Command\": [\"b\"]}}");
        assertThat(spec("image").getJsonObject("code").getJsonObject("image").encode())
                .isEqualTo("{\"reference\":\"registry/app@sha256:00\",\"args\":[\"b\"]}");
    }

    @Test
    void refusesWhatItCannotDo() throws Exception {
        refusedCreate(INVALID, "source for function code", request("a").put("Code", new JsonObject()));
        refusedCreate(
                INVALID,
                "source for function code",
                request("a")
                        .put(
                                "Code",
                                new JsonObject()
                                        .put("ZipFile", zip)
                                        .put("S3Bucket", "code")
                                        .put("S3Key", "k")));
        refusedCreate(
                INVALID, "S3Bucket with S3Key", request("a").put("Code", new JsonObject().put("S3Bucket", "code")));
        refusedCreate(
                INVALID,
                "Could not unzip uploaded file",
                request("a").put("Code", new JsonObject().put("ZipFile", "eA==")));
        JsonObject bare = request("a");
        bare.remove("Handler");
        refusedCreate(INVALID, "Runtime and Handler are mandatory", bare);
        refusedCreate(INVALID, "provide ImageUri", request("a").put("PackageType", "Image"));
        refusedCreate(
                INVALID,
                "give arn:aws:iam::000000000000:role/",
                request("a").put("Role", ROLE.replace("000000", "123456") + "x"));
        refusedCreate(INVALID, "name of a ServiceAccount", request("a").put("Role", ROLE + "My_Role"));
        for (String member : new String[] {
            "{\"VpcConfig\": {\"SubnetIds\": [\"subnet-1\"]}}",
            "{\"TracingConfig\": {\"Mode\": \"Active\"}}",
            "{\"SnapStart\": {\"ApplyOn\": \"PublishedVersions\"}}"
        }) {
            JsonObject given = new JsonObject(member);
            String name = given.fieldNames().iterator().next();
            refusedCreate(
                    INVALID, name + " is not supported by Kappa", request("a").mergeIn(given));
        }
        refusedCreate(
                INVALID,
                "exceeded the 4KB limit",
                request("a")
                        .put(
                                "Environment",
                                new JsonObject().put("Variables", new JsonObject().put("AB", "x".repeat(4096)))));
        refusedCreate(
                INVALID, "write Text", request("a").put("LoggingConfig", new JsonObject().put("LogFormat", "JSON")));
        assertThat(resources.get(Kind.FUNCTION, "default", "a")).isEmpty();
    }

    @Test
    void asksForTheRightsThatTheBodyNeeds() throws Exception {
        api.refused.add(new Access("create", "functions", "media", ""));
        refusedCreate(DENIED, "create functions.kappa.dev", request("fn.media"));
        api.refused.add(new Access("use", "serviceaccounts", "default", ""));
        api.refused.add(new Access("use", "serviceaccounts", "default", "runner"));
        refusedCreate(DENIED, "use serviceaccounts runner", request("a").put("Role", ROLE + "runner"));
        assertThat(api.store.packages).isEmpty();

        function(spec().put("serviceAccountName", "runner"), status(1, "c1", 0));
        String code = "{\"ZipFile\": \"" + zip + "\"}";
        refused(403, DENIED, "lambda:UpdateFunctionCode", "PUT", "/hello/code", code);
        refused(403, DENIED, "use serviceaccounts runner", "PUT", "/hello/configuration", "{\"Handler\": \"b.c\"}");
        ok(200, "PUT", "/hello/configuration", "{\"Timeout\": 8}");
        api.refused.clear();
        api.refused.add(new Access("get", "secrets", "default", ""));
        api.refused.add(new Access("get", "secrets", "default", "s"));
        ready("hello");
        refused(403, DENIED, "get secrets s", "PUT", "/hello/configuration", "{\"Role\": \"" + ROLE + "default\"}");
        assertThat(spec("hello").getString("serviceAccountName")).isEqualTo("runner");
    }

    @Test
    void changesWhatIsGivenAndNothingElse() throws Exception {
        JsonObject before = ok(200, "GET", "/hello/configuration", "");

        JsonObject changed = ok(200, "PUT", "/hello/configuration", """
                {"Description": "new", "Timeout": 11, "Environment": {"Variables": {"STAGE": "test", "MORE": "1"}}}
                """);

        assertThat(changed.getString("LastUpdateStatus")).isEqualTo("InProgress");
        assertThat(changed.getString("State")).isEqualTo("Active");
        assertThat(changed.getString("LastUpdateStatusReasonCode")).isEqualTo("Creating");
        assertThat(changed.getString("RevisionId")).isNotEqualTo(before.getString("RevisionId"));
        assertThat(spec("hello").getString("runtime")).isEqualTo("nodejs20");
        assertThat(spec("hello").getJsonArray("environment").encode())
                .isEqualTo("[{\"name\":\"KEY\",\"valueFrom\":{\"secretKeyRef\":{\"name\":\"s\",\"key\":\"k\"}}},"
                        + "{\"name\":\"STAGE\",\"value\":\"test\"},{\"name\":\"MORE\",\"value\":\"1\"}]");
        refused(
                412,
                "PreconditionFailedException",
                "Revision Id",
                "PUT",
                "/hello/code",
                "{\"RevisionId\": \"" + before.getString("RevisionId") + "\", \"ZipFile\": \"" + zip + "\"}");
        JsonObject status = status(2, "c1", 0).put("conditions", conditions("Unknown", "True", "Starting", "soon"));
        resources.put(Kind.FUNCTION, "hello", spec("hello"), status);
        refused(
                409,
                CONFLICT,
                "An update is in progress for resource: " + ARN,
                "PUT",
                "/hello/configuration",
                "{\"Timeout\": 9}");
        refused(
                404,
                "ResourceNotFoundException",
                "Function not found",
                "PUT",
                "/nobody/configuration",
                "{\"Timeout\": 9}");
    }

    @Test
    void replacesCodeAndPublishesIt() throws Exception {
        JsonObject spec = spec();
        ok(200, "PUT", "/hello/code", "{\"DryRun\": true, \"ZipFile\": \"" + zip + "\"}");
        assertThat(spec("hello")).isEqualTo(spec);

        ok(200, "PUT", "/hello/code", "{\"ZipFile\": \"" + zip + "\"}");

        assertThat(spec("hello").getJsonObject("code").fieldNames()).containsExactly("package");
        assertThat(spec("hello").getJsonObject("concurrency").getInteger("reserved"))
                .isEqualTo(4);
        refused(400, INVALID, "Please don't provide ImageUri", "PUT", "/hello/code", "{\"ImageUri\": \"i\"}");
        ready("hello");
        JsonObject published = ok(200, "PUT", "/hello/code", "{\"Publish\": true, \"ZipFile\": \"" + zip + "\"}");
        assertThat(published.getString("Version")).isEqualTo("1");
        assertThat(published.getString("FunctionArn")).isEqualTo(ARN + ":1");
    }

    @Test
    void deletesAFunction() throws Exception {
        ok(204, "DELETE", "/hello", "");
        refused(404, "ResourceNotFoundException", "Function not found: " + ARN, "DELETE", "/hello", "");
    }

    @Test
    void limitsConcurrency() throws Exception {
        String put = "/2017-10-31/functions/hello/concurrency";
        String get = "/2019-09-30/functions/hello/concurrency";
        assertThat(ok(200, "GET", get, "").encode()).isEqualTo("{\"ReservedConcurrentExecutions\":4}");
        assertThat(ok(200, "PUT", put, "{\"ReservedConcurrentExecutions\": 0}").encode())
                .isEqualTo("{\"ReservedConcurrentExecutions\":0}");
        assertThat(spec("hello").getJsonObject("concurrency").encode()).isEqualTo("{\"reserved\":0}");
        ok(204, "DELETE", put, "");
        assertThat(ok(200, "GET", get, "").encode()).isEqualTo("{}");
        refused(
                404,
                "ResourceNotFoundException",
                ":function:nobody:$LATEST",
                "GET",
                get.replace("hello", "nobody"),
                "");
        refused(
                400,
                INVALID,
                "permitted on Lambda functions only",
                "PUT",
                put.replace("hello", "hello:live"),
                "{\"ReservedConcurrentExecutions\": 1}");
    }

    @Test
    void tagsAFunction() throws Exception {
        String tags = "/2017-03-31/tags/" + ARN.replace(":", "%3A");
        ok(204, "POST", tags, "{\"Tags\": {\"a b\": \"1\", \"c\": \"2\"}}");
        ok(204, "POST", tags, "{\"Tags\": {\"c\": \"3\", \"d\": \"\"}}");
        ok(204, "DELETE", tags + "?tagKeys=a%20b&tagKeys=none", "");
        assertThat(ok(200, "GET", tags, "").encode()).isEqualTo("{\"Tags\":{\"c\":\"3\",\"d\":\"\"}}");
        refused(400, INVALID, "cannot be processed", "POST", tags, "{\"Tags\": {}}");
        refused(400, INVALID, "Tags on function aliases", "GET", tags + "%3Alive", "");
        JsonObject many = new JsonObject();
        for (int i = 0; i < 49; i++) {
            many.put("k" + i, "v");
        }
        refused(
                400,
                INVALID,
                "exceeds resource tag limit",
                "POST",
                tags,
                new JsonObject(Map.of("Tags", many)).encode());
    }

    @Test
    void countsWhatTheAccountHas() throws Exception {
        api.store.packages.put("default/" + SHA256, new byte[321]);
        version(1, "c1");
        JsonObject settings = ok(200, "GET", "/2016-08-19/account-settings/", "");
        assertThat(settings.getJsonObject("AccountUsage").encode())
                .isEqualTo("{\"TotalCodeSize\":642,\"FunctionCount\":1}");
        assertThat(settings.getJsonObject("AccountLimit").getInteger("UnreservedConcurrentExecutions"))
                .isEqualTo(Integer.MAX_VALUE - 4);
    }
}
