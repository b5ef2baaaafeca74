package dev.kappa.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kappa.e2e.handlers.Conformance;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;

/** Layers lie in /opt, where each language looks for them. */
class LayerIT {
    /** Begins an entry of a zip's directory. */
    private static final int ENTRY = 0x02014b50;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PROGRAM = 0100755;
    private static final int LINK = 0120777;
    private static final String WRAPPED = ", environment: [{name: AWS_LAMBDA_EXEC_WRAPPER, value: /opt/wrapper}]";

    private static LambdaClient lambda;
    private static String first;
    private static String second;

    private static final String WRAPPER = """
            #!/bin/sh
            export WRAPPED=tool JAVA_TOOL_OPTIONS=-Dwrapped=tool
            exec "$@"
            """;

    @BeforeAll
    static void install() throws Exception {
        Installation.everything();
        lambda = Functions.lambda();
        first = Packages.upload(layer());
        second = Packages.upload(zip(Map.of("order.txt", "second"), Map.of()));
    }

    @AfterAll
    static void close() {
        lambda.close();
    }

    /** What a team of a company would share: a library in every language, a tool, data. */
    private static byte[] layer() throws Exception {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("order.txt", "first");
        files.put("first.txt", "first");
        files.put("python/greeting.py", "def greet(): return 'python'");
        files.put("python/lib/python3.13/site-packages/deeper.py", "def greet(): return 'deeper'");
        files.put("nodejs/node_modules/greeting/index.js", "exports.greet = () => 'node';");
        files.put("nodejs/node20/node_modules/deeper/index.js", "exports.greet = () => 'deeper';");
        files.put("ruby/lib/greeting.rb", "def greet = 'ruby'");
        files.put("php/greeting.php", "<?php function greet() { return 'php'; }");
        files.put("bin/greet-1", "#!/bin/sh\nprintf $WRAPPED\n");
        files.put("wrapper", WRAPPER);
        files.put("bin/greet", "greet-1");
        return zip(files, Map.of("bin/greet-1", PROGRAM, "wrapper", PROGRAM, "bin/greet", LINK));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            python3.13 | app.handler | app.py  | import deeper, greeting, subprocess¶def handler(event, context):¶    return [greeting.greet(), deeper.greet(), subprocess.check_output(['greet']).decode(), open('/opt/order.txt').read(), open('/opt/first.txt').read()]
            nodejs20   | app.handler | app.js  | const {greet} = require('greeting'), deeper = require('deeper'), {execFileSync} = require('child_process'), {readFileSync} = require('fs');¶exports.handler = async () => [greet(), deeper.greet(), execFileSync('greet').toString(), readFileSync('/opt/order.txt', 'utf8'), readFileSync('/opt/first.txt', 'utf8')];
            ruby3.3    | app.handler | app.rb  | require 'greeting'¶def handler(event:, context:) = [greet, 'deeper', `greet`, File.read('/opt/order.txt'), File.read('/opt/first.txt')]
            php8.4     | app.php     | app.php | <?php require 'greeting.php';¶return fn() => [greet(), 'deeper', shell_exec('greet'), file_get_contents('/opt/order.txt'), file_get_contents('/opt/first.txt')];
            """)
    void everyLanguageFindsWhatLayersBring(String runtime, String handler, String file, String source)
            throws Exception {
        String name = "layered-" + runtime.replace(".", "");
        String code =
                Packages.upload(Packages.zip(file, source.replace("¶", "\n").getBytes(StandardCharsets.UTF_8)));
        apply(name, "runtime: " + runtime + ", handler: " + handler + WRAPPED, code, List.of(first, second));
        Functions.waitUntilReady("Function", name);

        String language = runtime.replaceAll("js|[0-9.]", "");
        assertThat(JSON.readTree(answer(name)))
                .isEqualTo(JSON.valueToTree(List.of(language, "deeper", "tool", "second", "first")));
    }

    @Test
    void javaFindsJarsOfLayersAndFilesWithAnyLetters() throws Exception {
        String type = "dev.kappa.e2e.handlers.LayeredHandler";
        byte[] handler = classFile(type);
        String shared = "dev.kappa.e2e.handlers.SharedGreeting";
        byte[] jar = Packages.zip(shared.replace('.', '/') + ".class", classFile(shared));
        String layer = Packages.upload(Packages.zip(
                Map.of("java/lib/greeting.jar", jar, "wrapper", WRAPPER.getBytes(StandardCharsets.UTF_8))));
        String code = Packages.upload(Packages.zip(Map.of(
                type.replace('.', '/') + ".class",
                handler,
                "größe-工具.txt",
                "letters".getBytes(StandardCharsets.UTF_8))));
        apply(
                "layered-java",
                "runtime: java25, memory: 256Mi, handler: '" + type + "'" + WRAPPED,
                code,
                List.of(layer));
        Functions.waitUntilReady("Function", "layered-java");

        assertThat(answer("layered-java")).isEqualTo("\"jar of a layer, tool, letters\"");
    }

    @Test
    void extensionsOfLayersHearOfEventsAndOfTheEnd() throws Exception {
        String watcher = Packages.upload(Packages.zip("extensions/watcher", extension("watcher")));
        String listener = Packages.upload(Packages.zip("extensions/listener", extension("listener")));
        String source = """
                import os
                def handler(event, context):
                    print("printed")
                    return "done" if event.get("stay") else os._exit(3)
                """;
        String code = Packages.upload(Packages.zip("app.py", source.getBytes(StandardCharsets.UTF_8)));
        apply("extended-python", "runtime: python3.13, handler: app.handler", code, List.of(watcher, listener));
        String type = "dev.kappa.e2e.handlers.Conformance";
        String java = Packages.upload(Packages.zip(Conformance.class));
        apply("extended-java", "runtime: java25, memory: 256Mi, handler: '" + type + "'", java, List.of(watcher));
        Functions.waitUntilReady("Function", "extended-python");
        Functions.waitUntilReady("Function", "extended-java");

        InvokeResponse stayed = Functions.invoke(lambda, "extended-python", "{\"stay\":true}");
        InvokeResponse exited = Functions.invoke(lambda, "extended-python", "{}");
        InvokeResponse counted = Functions.invoke(lambda, "extended-java", "{\"do\":\"count\"}");
        Functions.invoke(lambda, "extended-java", "{\"do\":\"exit\"}");

        assertThat(stayed.payload().asUtf8String()).isEqualTo("\"done\"");
        assertThat(exited.payload().asUtf8String()).contains("Runtime.ExitError");
        assertThat(counted.payload().asUtf8String()).isEqualTo("1");
        awaitLog(
                "extended-python",
                "EXTENSION\tName: listener\tState: Ready\tEvents: [INVOKE, SHUTDOWN]",
                "watcher got {\"eventType\":\"INVOKE\"",
                "listener heard platform.initStart",
                "listener heard function \"printed\"",
                "listener heard platform.report",
                "\"shutdownReason\":\"failure\"}");
        awaitLog(
                "extended-java",
                "\"accountId\":\"000000000000\"",
                "watcher got {\"eventType\":\"INVOKE\"",
                "\"shutdownReason\":\"failure\"}");
    }

    private static void awaitLog(String function, String... lines) {
        await().atMost(Duration.ofMinutes(2)).untilAsserted(() -> {
            String log = Cluster.shared()
                    .client()
                    .pods()
                    .resource(Functions.runningPod(function))
                    .getLog();
            assertThat(log).contains(lines);
        });
    }

    private static byte[] extension(String name) throws IOException {
        try (var in = Objects.requireNonNull(LayerIT.class.getResourceAsStream("/extensions/" + name))) {
            return in.readAllBytes();
        }
    }

    @Test
    void aVersionKeepsItsLayersAndAnotherOrderIsAnotherRevision() throws Exception {
        String source = "def handler(event, context): return open('/opt/order.txt').read()";
        String code = Packages.upload(Packages.zip("app.py", source.getBytes(StandardCharsets.UTF_8)));
        String python = "runtime: python3.13, handler: app.handler, publish: OnChange";
        apply("relayered", python, code, List.of(first, second));
        Functions.waitUntilReady("Version", "relayered.1");
        apply("relayered", python, code, List.of(second, first));
        Functions.waitUntilReady("Version", "relayered.2");

        assertThat(answer("relayered:1")).isEqualTo("\"second\"");
        assertThat(answer("relayered:2")).isEqualTo("\"first\"");
        List<Map<String, String>> kept = Functions.get("Version", "relayered.1").get("spec", "snapshot", "layers");
        assertThat(kept).extracting(layer -> layer.get("sha256")).containsExactly(first, second);
    }

    @Test
    void aLayerThatIsNotThereIsNamed() {
        String none = "ab".repeat(32);
        apply("unlayered", "runtime: python3.13, handler: app.handler", first, List.of(second, none));

        GenericKubernetesResource function = Functions.waitFor(
                "Function", "unlayered", it -> Functions.ready(it, "reason").equals("PackageNotFound"));
        assertThat(Functions.ready(function, "message")).contains("spec.layers[1]", none, "upload it: curl");
    }

    /** 130 MiB of each, of which a 32nd cannot be zipped: more than a hundredfold would be refused before. */
    @Test
    void whatUnpacksToMoreThanLambdaAllowsSaysSo() throws Exception {
        byte[] large = new byte[130 << 20];
        byte[] noise = new byte[2 << 10];
        for (int at = 0; at < large.length; at += 64 << 10) {
            new Random(at).nextBytes(noise);
            System.arraycopy(noise, 0, large, at, noise.length);
        }
        String code = Packages.upload(Packages.zip("code.bin", large));
        String layer = Packages.upload(Packages.zip("layer.bin", large));
        apply("oversized", "runtime: python3.13, handler: app.handler", code, List.of(layer));

        GenericKubernetesResource function = Functions.waitFor(
                "Function", "oversized", it -> Functions.ready(it, "reason").equals("HandlerNotLoadable"));
        assertThat(Functions.ready(function, "message")).contains("250 MiB");
    }

    private static void apply(String name, String spec, String code, List<String> layers) {
        Functions.apply("""
                apiVersion: kappa.dev/v1alpha1
                kind: Function
                metadata: {name: NAME, namespace: default}
                spec: {SPEC, code: {package: {sha256: CODE}}, layers: [LAYERS]}
                """.replace("NAME", name).replace("SPEC", spec).replace("CODE", code).replace(
                "LAYERS",
                String.join(
                        ", ",
                        layers.stream()
                                .map("{package: {sha256: %s}}"::formatted)
                                .toList())));
    }

    private static String answer(String function) {
        InvokeResponse answer = Functions.invoke(lambda, function, "{}");
        assertThat(answer.functionError()).as(answer.payload().asUtf8String()).isNull();
        return answer.payload().asUtf8String();
    }

    private static byte[] classFile(String type) throws IOException {
        try (var in = LayerIT.class.getResourceAsStream("/" + type.replace('.', '/') + ".class")) {
            return in.readAllBytes();
        }
    }

    private static byte[] zip(Map<String, String> files, Map<String, Integer> modes) throws IOException {
        Map<String, byte[]> contents = new LinkedHashMap<>();
        files.forEach((name, text) -> contents.put(name, text.getBytes(StandardCharsets.UTF_8)));
        ByteBuffer archive = ByteBuffer.wrap(Packages.zip(contents)).order(ByteOrder.LITTLE_ENDIAN);
        int at = 0;
        for (String name : contents.keySet()) {
            while (archive.getInt(at) != ENTRY) {
                at++;
            }
            archive.putInt(at + 38, modes.getOrDefault(name, 0) << 16);
            at++;
        }
        return archive.array();
    }
}
