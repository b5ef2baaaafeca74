package dev.kappa.shim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.wire.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

    @TempDir
    Path folder;

    private ShimProcess start(FakeGateway gateway, String runtime) throws Exception {
        Map<String, String> env = new HashMap<>(Map.of("KAPPA_TIMEOUT_MS", "5000"));
        boolean aws = runtime.equals("awslambdaric");
        if (aws) {
            env.put("LAMBDA_RUNTIME_DIR", AwsPython.runtime(folder).toString());
        }
        return new ShimProcess(gateway, folder, aws ? "python3.13" : runtime, "app.handler", env);
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
                        + Wire.TOKEN + ": " + FakeGateway.token() + "\r\n"
                        + Wire.REQUEST_ID + ": " + id + "\r\n"
                        + Wire.CLIENT_CONTEXT + ": " + context + "\r\n"
                        + Wire.TRACE_ID + ": " + trace + "\r\n\r\n{}")
                .getBytes(StandardCharsets.ISO_8859_1);
    }
}
