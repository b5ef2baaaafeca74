package dev.kappa.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kappa.e2e.handlers.Leaver;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvalidRequestContentException;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.LogType;

/** What handlers see and leave behind, in the images of the runtimes, with AWS's own client for Python. */
class RuntimeIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String PYTHON = """
            import glob, os, subprocess, time
            def handler(event, context):
                if "leave" in event:
                    subprocess.Popen(["/usr/bin/setsid", "/bin/sh", "-c", "/bin/sleep 7654 & /bin/sleep 7654"], env={})
                    time.sleep(0.2)
                if event.get("do") == "sleep":
                    time.sleep(60)
                if event.get("do") == "exit":
                    os._exit(3)
                for i in range(event.get("lines", 0)):
                    print(i, "x" * 50)
                left = 0
                for file in glob.glob("/proc/[0-9]*/cmdline"):
                    try:
                        left += b"sleep\\x007654" in open(file, "rb").read()
                    except OSError:
                        pass
                given = context.client_context
                return {"left": left, "zone": time.strftime("%z", time.localtime(1700000000)), "env": dict(os.environ),
                        "pid": os.getpid(), "custom": given.custom if given else None}
            """;

    private static final String NODE = """
            const { spawn } = require("node:child_process");
            const { readdirSync, readFileSync } = require("node:fs");
            const wait = (ms) => new Promise((r) => setTimeout(r, ms));
            exports.handler = async (event, context) => {
              if (event.leave) {
                spawn("/usr/bin/setsid", ["/bin/sh", "-c", "/bin/sleep 7654 & /bin/sleep 7654"], { env: {}, stdio: "ignore" }).unref();
                await wait(200);
              }
              if (event.do === "sleep") await wait(60000);
              if (event.do === "exit") process.exit(3);
              for (let i = 0; i < (event.lines ?? 0); i++) console.log(i, "x".repeat(50));
              let left = 0;
              for (const pid of readdirSync("/proc").filter((it) => /^\\d+$/.test(it))) {
                try { left += readFileSync(`/proc/${pid}/cmdline`, "latin1").includes("sleep\\x007654"); } catch {}
              }
              const zone = new Date(1700000000000).getTimezoneOffset() === -330 ? "+0530" : "+0000";
              return { left, zone, env: process.env, pid: process.pid, custom: context.clientContext?.custom ?? null };
            };
            """;

    private static LambdaClient lambda;

    @BeforeAll
    static void install() throws Exception {
        Installation.everything();
        lambda = Functions.lambda();
        String leaver = Packages.upload(Packages.zip(Leaver.class));
        for (String runtime : List.of("python3.13", "nodejs20", "java25")) {
            String code = switch (runtime) {
                case "python3.13" -> "inline:\n      app.py: |\n" + PYTHON.indent(8);
                case "nodejs20" -> "inline:\n      app.js: |\n" + NODE.indent(8);
                default -> "package: {sha256: " + leaver + "}";
            };
            String handler = runtime.equals("java25") ? Leaver.class.getName() + "::handle" : "app.handler";
            for (String name : List.of(name(runtime), name(runtime) + "-given")) {
                String given = name.endsWith("-given")
                        ? "environment: [{name: TZ, value: Asia/Kolkata}, {name: LD_LIBRARY_PATH, value: /var/task/native},"
                                + " {name: PATH, value: '/var/task/bin:/bin:/usr/bin'}, {name: LANG, value: C.UTF-8},"
                                + " {name: status, value: mine}]"
                        : "environment: []";
                Functions.apply("""
                        apiVersion: kappa.dev/v1alpha1
                        kind: Function
                        metadata: {name: NAME, namespace: default}
                        spec:
                          runtime: RUNTIME
                          handler: HANDLER
                          memory: 256Mi
                          timeoutSeconds: 4
                          scaling: {max: 1}
                          GIVEN
                          code:
                            CODE
                        """.replace("NAME", name)
                        .replace("RUNTIME", runtime)
                        .replace("HANDLER", handler)
                        .replace("GIVEN", given)
                        .replace("CODE", code));
            }
        }
        for (String runtime : List.of("python3.13", "nodejs20", "java25")) {
            Functions.waitUntilReady("Function", name(runtime));
            Functions.waitUntilReady("Function", name(runtime) + "-given");
        }
    }

    @AfterAll
    static void close() {
        lambda.close();
    }

    private static String name(String runtime) {
        return "runtime-" + runtime.replaceAll("[^a-z]", "");
    }

    private static JsonNode answer(String function, String payload) throws IOException {
        InvokeResponse answer = Functions.invoke(lambda, function, payload);
        assertThat(answer.functionError()).as(answer.payload().asUtf8String()).isNull();
        return JSON.readTree(answer.payload().asUtf8String());
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"python3.13", "nodejs20"})
    void aClientContextOfAnyLettersArrivesAndEndsNoProcess(String runtime) throws IOException {
        int pid = answer(name(runtime), "{}").get("pid").asInt();
        for (String value : List.of("Zoë", "日本語", "😀", "Ċ")) {
            InvokeResponse reply = lambda.invoke(it -> it.functionName(name(runtime))
                    .clientContext(base64("{\"custom\":{\"a\":\"" + value + "\"}}"))
                    .payload(SdkBytes.fromUtf8String("{}")));

            JsonNode seen = JSON.readTree(reply.payload().asUtf8String());
            assertThat(reply.functionError()).isNull();
            assertThat(seen.get("custom").get("a").asText()).isEqualTo(value);
            assertThat(seen.get("pid").asInt()).isEqualTo(pid);
        }
        for (String bad : List.of("[1]", "{", "text")) {
            assertThatThrownBy(() ->
                            lambda.invoke(it -> it.functionName(name(runtime)).clientContext(base64(bad))))
                    .isInstanceOf(InvalidRequestContentException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"python3.13", "nodejs20", "java25"})
    void whatTheManifestGivesTakesEffectAndTheRestIsAsOnLambda(String runtime) throws IOException {
        JsonNode given = answer(name(runtime) + "-given", "{}");
        assertThat(given.get("zone").asText()).isIn("+0530", "Asia/Kolkata");
        assertThat(given.get("env").get("LD_LIBRARY_PATH").asText()).isEqualTo("/var/task/native");
        assertThat(given.get("env").get("PATH").asText()).isEqualTo("/var/task/bin:/bin:/usr/bin");
        assertThat(given.get("env").get("LANG").asText()).isEqualTo("C.UTF-8");
        assertThat(given.get("env").get("status").asText()).isEqualTo("mine");

        JsonNode plain = answer(name(runtime), "{}");
        assertThat(plain.get("zone").asText()).isIn("+0000", "UTC");
        JsonNode env = plain.get("env");
        assertThat(env.get("TZ").asText()).isEqualTo(":UTC");
        assertThat(env.get("LANG").asText()).isEqualTo("en_US.UTF-8");
        assertThat(env.get("PATH").asText()).isEqualTo("/var/runtime/bin:/usr/local/bin:/usr/bin:/bin:/opt/bin");
        assertThat(env.get("LD_LIBRARY_PATH").asText())
                .isEqualTo("/lib64:/usr/lib64:/var/runtime:/var/runtime/lib:/var/task:/var/task/lib:/opt/lib");
    }

    @ParameterizedTest
    @ValueSource(strings = {"python3.13", "nodejs20", "java25"})
    void nothingThatAHandlerStartedRunsBesideTheNextEnvironment(String runtime) throws IOException {
        for (String end : List.of("sleep", "exit")) {
            answer(name(runtime), "{}");
            InvokeResponse ended =
                    Functions.invoke(lambda, name(runtime), "{\"leave\": \"yes\", \"do\": \"" + end + "\"}");
            assertThat(ended.functionError()).isEqualTo("Unhandled");

            assertThat(answer(name(runtime), "{}").get("left").asInt()).as(end).isZero();
        }
        assertThat(Functions.pods(name(runtime)))
                .as("the next environment was in the same pod")
                .hasSize(1);
    }

    @Test
    void theLastOfManyLinesIsInTheLogResult() {
        for (String runtime : List.of("python3.13", "nodejs20")) {
            InvokeResponse reply = lambda.invoke(it -> it.functionName(name(runtime))
                    .logType(LogType.TAIL)
                    .payload(SdkBytes.fromUtf8String("{\"lines\": 20000}")));

            assertThat(reply.functionError()).isNull();
            String log = new String(Base64.getDecoder().decode(reply.logResult()), StandardCharsets.UTF_8);
            assertThat(log).containsPattern("19999 x{50}\nEND RequestId: ");
        }
    }

    @Test
    void pythonHandlersHaveAwssSdkWithoutBringingIt() {
        Functions.python(
                "with-boto3",
                "timeoutSeconds: 30\n  memory: 256Mi\n  scaling: {idleTimeout: 5s}",
                "import boto3\ndef handler(event, context):\n"
                        + "    return boto3.client('lambda', endpoint_url='http://a').meta.service_model.service_name");

        assertThat(Functions.invoke(lambda, "with-boto3", "{}").payload().asUtf8String())
                .isEqualTo("\"lambda\"");
        Functions.delete("Function", "with-boto3");
    }
}
