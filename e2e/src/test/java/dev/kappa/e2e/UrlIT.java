package dev.kappa.e2e;

import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Function URLs, as curl and boto3 see them. */
@Timeout(600)
class UrlIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String EVERYBODY =
            "{statementId: open, action: 'lambda:InvokeFunctionUrl', principal: '*', functionUrlAuthType: NONE}";
    private static final String ECHO = """
            import base64

            def handler(event, context):
                path = event["rawPath"]
                if path == "/fail":
                    raise RuntimeError("secret")
                if path == "/binary":
                    return {"statusCode": 200, "headers": {"Content-Type": "application/octet-stream"},
                            "body": event["body"], "isBase64Encoded": event["isBase64Encoded"]}
                if path == "/cookies":
                    return {"statusCode": 201, "cookies": ["a=1; Path=/", "b=2"], "body": "baked"}
                return event
            """;

    @BeforeAll
    static void install() throws IOException, InterruptedException {
        Installation.everything();
        Functions.python("url-open", """
                url: {authType: NONE, cors: {allowOrigins: ['https://a.example'], allowMethods: [PUT]}}
                  permissions: [EVERYBODY]
                """.stripTrailing().replace("EVERYBODY", EVERYBODY), ECHO);
        Functions.python("url-signed", "url: {authType: AWS_IAM}", ECHO);
        Functions.python("url-api", "publish: OnChange", ECHO);
        Functions.apply("""
                apiVersion: kappa.dev/v1alpha1
                kind: Function
                metadata: {name: url-stream, namespace: default}
                spec:
                  runtime: nodejs22
                  handler: app.handler
                  url: {authType: NONE, invokeMode: RESPONSE_STREAM}
                  permissions: [EVERYBODY]
                  code:
                    inline:
                      app.js: |
                        exports.handler = awslambda.streamifyResponse(async (event, out, context) => {
                          out = awslambda.HttpResponseStream.from(out, {
                            statusCode: 202, headers: {"Content-Type": "text/plain", "X-Own": "a"}, cookies: ["a=1"]});
                          out.write("first ");
                          await new Promise((done) => setTimeout(done, 300));
                          out.end("last");
                        });
                """.replace("EVERYBODY", EVERYBODY));
        for (String name : List.of("url-open", "url-signed", "url-api", "url-stream")) {
            Functions.waitUntilReady("Function", name);
        }
    }

    @AfterAll
    static void tidyUp() {
        List.of("url-open", "url-signed", "url-api", "url-stream").forEach(name -> Functions.delete("Function", name));
    }

    private static String url(String kind, String name) {
        return Functions.waitFor(kind, name, it -> it.get("status", "url") != null)
                .get("status", "url");
    }

    /** Head and body of the answer. */
    private static String curl(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("curl", "-sS", "-i", "--max-time", "60"));
        command.addAll(List.of(arguments));
        return Command.run(Map.of(), command.toArray(String[]::new)).replace("\r\n", "\n");
    }

    private static JsonNode event(String answer) throws IOException {
        assertThat(answer).startsWith("HTTP/1.1 200 OK\n");
        return JSON.readTree(answer.substring(answer.indexOf("\n\n") + 2));
    }

    @Test
    void anybodyCallsAUrlThatIsOpen() throws Exception {
        String url = url("Function", "url-open");
        assertThat(url).isEqualTo(Cluster.shared().urls() + "/url/default/url-open/");

        JsonNode event = event(curl(
                "-H",
                "Content-Type: text/plain",
                "-H",
                "Cookie: c=3; d=4",
                "-H",
                "X-Many: one",
                "-H",
                "X-Many: two",
                "-d",
                "grüße",
                url + "a%20b?x=1&x=2%20"));

        assertThat(event.get("version").asText()).isEqualTo("2.0");
        assertThat(event.get("rawPath").asText()).isEqualTo("/a%20b");
        assertThat(event.get("rawQueryString").asText()).isEqualTo("x=1&x=2%20");
        assertThat(event.at("/queryStringParameters/x").asText()).isEqualTo("1,2 ");
        assertThat(event.get("cookies").toString()).isEqualTo("[\"c=3\",\"d=4\"]");
        assertThat(event.at("/headers/x-many").asText()).isEqualTo("one,two");
        assertThat(event.get("body").asText()).isEqualTo("grüße");
        assertThat(event.at("/requestContext/accountId").asText()).isEqualTo("anonymous");
        assertThat(event.at("/requestContext/http/method").asText()).isEqualTo("POST");
        assertThat(event.at("/requestContext/http/sourceIp").asText()).isNotBlank();
        assertThat(curl(url + "cookies"))
                .startsWith("HTTP/1.1 201 Created\n")
                .containsIgnoringCase("set-cookie: a=1; Path=/\n")
                .containsIgnoringCase("set-cookie: b=2\n")
                .endsWith("\n\nbaked");
        assertThat(curl("-I", url + "cookies"))
                .startsWith("HTTP/1.1 201 Created\n")
                .containsIgnoringCase("content-length: 5");
        assertThat(curl(url + "fail")).startsWith("HTTP/1.1 502 ").endsWith("\n\nInternal Server Error");
        assertThat(curl(url.replace("url-open", "url-absent")))
                .startsWith("HTTP/1.1 403 ")
                .contains("AccessDeniedException");
        assertThat(curl("-d", "{}", Cluster.shared().urls() + "/2015-03-31/functions/url-open/invocations"))
                .as("the Invoke API is not at this port")
                .startsWith("HTTP/1.1 403 ");
    }

    @Test
    void bytesComeAndGoAsTheyAre() throws Exception {
        byte[] bytes = new byte[256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        Path sent = Files.createTempFile("url", ".bin");
        Path got = Files.createTempFile("url", ".bin");
        Files.write(sent, bytes);

        Command.run(
                Map.of(),
                "curl",
                "-sS",
                "--max-time",
                "60",
                "-H",
                "Content-Type: image/png",
                "--data-binary",
                "@" + sent,
                "-o",
                got.toString(),
                url("Function", "url-open") + "binary");

        assertThat(Files.readAllBytes(got)).isEqualTo(bytes);
        Files.delete(sent);
        Files.delete(got);
    }

    @Test
    void browsersAreToldWhichPagesMayCall() throws Exception {
        String url = url("Function", "url-open");

        assertThat(curl(
                        "-X",
                        "OPTIONS",
                        "-H",
                        "Origin: https://a.example",
                        "-H",
                        "Access-Control-Request-Method: PUT",
                        url))
                .startsWith("HTTP/1.1 200 OK\n")
                .containsIgnoringCase("access-control-allow-origin: https://a.example\n")
                .containsIgnoringCase("access-control-allow-methods: PUT\n");
        assertThat(curl("-H", "Origin: https://b.example", url))
                .doesNotContainIgnoringCase("access-control-allow-origin");
    }

    @Test
    void whoCallsASignedUrlIsKnown() throws Exception {
        String url = url("Function", "url-signed");
        String user = Identity.administrator().user();

        assertThat(curl(url)).startsWith("HTTP/1.1 403 ").contains("AccessDeniedException", "Forbidden");
        JsonNode event =
                event(curl("--aws-sigv4", "aws:amz:us-east-1:lambda", "--user", user, "-d", "hi", url + "a?b=c"));

        JsonNode iam = event.at("/requestContext/authorizer/iam");
        assertThat(iam.get("accessKey").asText()).isEqualTo(user.substring(0, user.indexOf(':')));
        assertThat(iam.get("userArn").asText()).isEqualTo("arn:aws:iam::000000000000:role/" + Identity.NAME);
        assertThat(event.get("headers").has("authorization")).isFalse();
        assertThat(curl("--aws-sigv4", "aws:amz:us-east-1:lambda", "--user", user + "x", url))
                .startsWith("HTTP/1.1 403 ")
                .contains("InvalidSignatureException");
        assertThat(curl("-H", "Authorization: " + Identity.administrator().bearer(), url))
                .startsWith("HTTP/1.1 200 OK\n");
    }

    @Test
    void anAnswerLeavesAsTheHandlerWritesIt() throws Exception {
        assertThat(curl("-N", url("Function", "url-stream")))
                .startsWith("HTTP/1.1 202 Accepted\n")
                .containsIgnoringCase("transfer-encoding: chunked\n")
                .containsIgnoringCase("x-own: a\n")
                .containsIgnoringCase("set-cookie: a=1\n")
                .endsWith("\n\nfirst last");
    }

    @Test
    void lambdasCallsMakeAndChangeThem() throws Exception {
        Functions.waitUntilReady("Version", "url-api.1");
        Functions.alias("url-api", "version: 1");
        Functions.waitUntilReady("Alias", "url-api.live");

        Command.run(
                Identity.administrator().environment(),
                System.getProperty("kappa.python", "python3"),
                "clients/test_urls.py");

        await("no URL is left").atMost(ofMinutes(1)).untilAsserted(() -> {
            assertThat((String) Functions.get("Function", "url-api").get("status", "url"))
                    .isNull();
            assertThat((String) Functions.get("Alias", "url-api.live").get("status", "url"))
                    .isNull();
        });
    }
}
