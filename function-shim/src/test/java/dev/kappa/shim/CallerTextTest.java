package dev.kappa.shim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kappa.wire.Wire;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a caller writes into its client context and its headers reaches the handler, or nothing, but never ends its process. */
class CallerTextTest {
    private static final Map<String, String> FILES = Map.of(
            "app.py", """
            import os
            def handler(event, context):
                given = context.client_context
                return {"custom": given.custom if given else None, "pid": os.getpid(),
                        "trace": os.environ.get("_X_AMZN_TRACE_ID")}
            """,
            "app.js", """
            exports.handler = async (event, context) => ({
              custom: context.clientContext?.custom, pid: process.pid, trace: process.env._X_AMZN_TRACE_ID ?? null });
            """);

    /** Where bin/test keeps AWS's client, which the image has and this folder has not. */
    private static final Path CACHE =
            Path.of(System.getenv().getOrDefault("KAPPA_CACHE", System.getProperty("user.home") + "/.cache/kappa"));

    @TempDir
    Path folder;

    private ShimProcess start(FakeGateway gateway, String runtime) throws Exception {
        Map<String, String> env = new HashMap<>(Map.of("KAPPA_TIMEOUT_MS", "5000"));
        boolean aws = runtime.equals("awslambdaric");
        if (aws) {
            env.put("LAMBDA_RUNTIME_DIR", awsRuntime().toString());
        }
        return new ShimProcess(gateway, folder, aws ? "python3.13" : runtime, "app.handler", env);
    }

    /** AWS's client has a part in C, which is made for this version only. */
    private static String python313() throws IOException {
        Path versions = Path.of(System.getProperty("user.home"), ".pyenv/versions");
        try (Stream<Path> all = Files.isDirectory(versions) ? Files.list(versions) : Stream.empty()) {
            return all.filter(it -> it.getFileName().toString().startsWith("3.13."))
                    .map(it -> it.resolve("bin/python3.13").toString())
                    .findFirst()
                    .orElse("python3.13");
        }
    }

    private Path awsRuntime() throws Exception {
        Path found;
        try (Stream<Path> all = Files.isDirectory(CACHE) ? Files.list(CACHE) : Stream.empty()) {
            found = all.filter(it -> it.getFileName().toString().startsWith("awslambdaric-"))
                    .findFirst()
                    .orElse(CACHE.resolve("none"));
        }
        assumeTrue(Files.isDirectory(found), "bin/test fetches awslambdaric");
        Path runtime = Files.createDirectories(folder.resolve("runtime"));
        Files.copy(Path.of("runtimes/python3.13/bootstrap.py"), runtime.resolve("bootstrap.py"));
        Path bootstrap = runtime.resolve("bootstrap");
        Files.writeString(
                bootstrap,
                "#!/bin/sh\nexport PYTHONPATH=" + found + "\nexec " + python313()
                        + " \"$LAMBDA_RUNTIME_DIR/bootstrap.py\"\n");
        assertThat(bootstrap.toFile().setExecutable(true)).isTrue();
        Process client = new ProcessBuilder(python313(), "-c", "import awslambdaric.bootstrap")
                .redirectErrorStream(true)
                .directory(found.toFile())
                .start();
        client.getInputStream().transferTo(OutputStream.nullOutputStream());
        assumeTrue(client.waitFor() == 0, "this machine's Python cannot load awslambdaric");
        return runtime;
    }

    @ParameterizedTest
    @ValueSource(strings = {"python3.13", "awslambdaric", "nodejs20"})
    void aClientContextOfAnyLettersArrivesAsItWas(String runtime) throws Exception {
        try (FakeGateway gateway = new FakeGateway(FakeGateway.zip(FILES));
                ShimProcess shim = start(gateway, runtime)) {
            assertThat(shim.awaitHello().get("initErrorType")).isNull();
            Object pid = shim.invoke("{}").json().get("pid");

            for (String value : List.of("Zoë", "日本語", "😀", "Ċ", "\u007f", "~", "x".repeat(2_000))) {
                ShimProcess.Reply reply = shim.invokeFor("{\r\n \"custom\" : {\"a\":\"" + value + "\"}\n}", "{}");
                assertThat(reply.error()).as(value).isNull();
                assertThat(reply.json().get("custom")).isEqualTo(Map.of("a", value));
            }
            // the gateway lets none of these pass: they fail their event at most
            for (String bad : List.of("[1]", "1", "{", "\u0000", "{\"client\":5,\"custom\":{}}", "[".repeat(2_000))) {
                shim.invokeFor(bad, "{}");
            }

            assertThat(shim.invoke("{}").json().get("pid")).isEqualTo(pid);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"python3.13", "awslambdaric", "nodejs20"})
    void aHeaderThatIsNoAsciiIsLeftOut(String runtime) throws Exception {
        try (FakeGateway gateway = new FakeGateway(FakeGateway.zip(FILES));
                ShimProcess shim = start(gateway, runtime)) {
            shim.awaitHello();
            Object pid = shim.invoke("{}").json().get("pid");

            assertThat(shim.raw(event("e1", "Root=\u00e9\u00ff"))).startsWith("HTTP/1.1 200");
            assertThat(shim.raw(event("e2", "\u0001"))).startsWith("HTTP/1.1 200");
            assertThat(shim.raw(event("e3", "Root=1-2-3"))).contains("Root=1-2-3");
            assertThat(shim.raw(event("no id", "x"))).startsWith("HTTP/1.1 400");

            assertThat(shim.invoke("{}").json().get("pid")).isEqualTo(pid);
        }
    }

    private static byte[] event(String id, String trace) throws IOException {
        String context = Base64.getEncoder().encodeToString("{}".getBytes(StandardCharsets.UTF_8));
        return ("POST " + Wire.INVOKE + " HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n"
                        + Wire.TOKEN + ": " + FakeGateway.TOKEN + "\r\n"
                        + Wire.REQUEST_ID + ": " + id + "\r\n"
                        + Wire.CLIENT_CONTEXT + ": " + context + "\r\n"
                        + Wire.TRACE_ID + ": " + trace + "\r\n\r\n{}")
                .getBytes(StandardCharsets.ISO_8859_1);
    }
}
