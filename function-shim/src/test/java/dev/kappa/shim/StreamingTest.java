package dev.kappa.shim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.shim.handlers.StreamActor;
import dev.kappa.wire.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that leave as the handler writes them. */
@Timeout(180)
class StreamingTest {
    private static final String NODE = """
            const { existsSync } = require("node:fs");
            const until = async (file) => { while (!existsSync(file)) await new Promise((r) => setTimeout(r, 5)); };
            exports.handler = awslambda.streamifyResponse(async (event, out, context) => {
              console.log("printed for", context.awsRequestId);
              if (event.do === "early") throw new RangeError("as asked");
              if (event.do === "page") out = awslambda.HttpResponseStream.from(out, {statusCode: 201});
              out.write("first");
              if (event.go) await until(event.go);
              if (event.do === "fail") throw new RangeError("as asked");
              if (event.do === "reject") { Promise.reject(new RangeError("unhandled")); await until("/never"); }
              if (event.do === "exit") process.exit(3);
              if (event.do === "sleep") await until("/never");
              if (event.do === "forget") return;
              for (let left = event.blocks ?? 0; left > 0; left--) {
                if (!out.write(Buffer.alloc(1 << 20, "x"))) await new Promise((r) => out.once("drain", r));
              }
              out.write(new Uint8Array(0));
              out.end("last");
            });
            exports.plain = async (event) => event;
            """;

    @TempDir
    Path folder;

    private StreamedReply stream(ShimProcess shim, String payload) throws IOException {
        return new StreamedReply(shim.address(), payload);
    }

    private ShimProcess start(FakeGateway gateway, String handler, String... env) throws Exception {
        Map<String, String> more = new java.util.HashMap<>(Map.of("KAPPA_TIMEOUT_MS", "60000"));
        for (int i = 0; i < env.length; i += 2) {
            more.put(env[i], env[i + 1]);
        }
        String runtime = handler.startsWith("app.") ? "nodejs20" : "java25";
        ShimProcess shim = new ShimProcess(gateway, folder, runtime, handler, more);
        shim.awaitHello();
        return shim;
    }

    private static FakeGateway node() throws IOException {
        return new FakeGateway(FakeGateway.zip(Map.of("app.js", NODE)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "3"})
    void aPieceIsThereWhileTheHandlerStillRuns(String capacity) throws Exception {
        try (FakeGateway gateway = node();
                ShimProcess shim = start(gateway, "app.handler", "KAPPA_PER_INSTANCE", capacity)) {
            for (int round = 0; round < 3; round++) {
                Path go = folder.resolve("go" + round);
                try (StreamedReply reply = stream(shim, "{\"go\":\"" + go + "\"}")) {
                    assertThat(reply.text()).isEqualTo("first");
                    assertThat(reply.headers).containsEntry("Content-Type", "application/octet-stream");
                    Files.createFile(go);

                    assertThat(reply.text()).isEqualTo("last");
                    assertThat(reply.chunk()).isNull();
                    assertThat(reply.headers).containsKey(Wire.DURATION_US).doesNotContainKey(Wire.FUNCTION_ERROR);
                    assertThat(reply.log()).containsSubsequence("START ", "printed for", "END ", "REPORT ");
                }
            }
        }
    }

    @Test
    void anErrorBehindWhatWasWrittenIsInTheTrailers() throws Exception {
        try (FakeGateway gateway = node();
                ShimProcess shim = start(gateway, "app.handler")) {
            try (StreamedReply reply = stream(shim, "{\"do\":\"fail\"}")) {
                assertThat(reply.rest()).isEqualTo("first");
                assertThat(reply.headers)
                        .containsEntry(Wire.FUNCTION_ERROR, "Unhandled")
                        .containsEntry(Wire.ERROR_TYPE, "Function.Unhandled");
                assertThat(reply.errorBody()).contains("\"errorType\":\"RangeError\",\"errorMessage\":\"as asked\"");
            }
            try (StreamedReply reply = stream(shim, "{\"do\":\"early\"}")) {
                assertThat(reply.isStreamed()).isFalse();
                assertThat(reply.rest()).contains("\"errorMessage\":\"as asked\"");
                assertThat(reply.headers).containsEntry(Wire.ERROR_TYPE, "Function.Unhandled");
            }
            try (StreamedReply reply = stream(shim, "{\"do\":\"forget\"}")) {
                assertThat(reply.rest()).isEqualTo("first");
                assertThat(reply.errorBody()).contains("Response stream is not finished.");
            }
            try (StreamedReply reply = stream(shim, "{\"do\":\"reject\"}")) {
                assertThat(reply.rest()).isEqualTo("first");
                assertThat(reply.errorBody()).contains("Runtime.UnhandledPromiseRejection");
            }
        }
    }

    @Test
    void theEndOfTheProcessOrOfTheTimeIsInTheTrailers() throws Exception {
        try (FakeGateway gateway = node();
                ShimProcess shim = start(gateway, "app.handler", "KAPPA_TIMEOUT_MS", "4000")) {
            try (StreamedReply reply = stream(shim, "{\"do\":\"exit\"}")) {
                reply.rest();
                assertThat(reply.headers).containsEntry(Wire.ERROR_TYPE, "Runtime.ExitError");
                assertThat(reply.errorBody()).contains("Runtime exited with error: exit status 3");
            }
            shim.awaitHello();
            try (StreamedReply reply = stream(shim, "{\"do\":\"sleep\"}")) {
                assertThat(reply.rest()).isEqualTo("first");
                assertThat(reply.headers).containsEntry(Wire.ERROR_TYPE, "Sandbox.Timedout");
                assertThat(reply.errorBody()).contains("Task timed out after 4.00 seconds");
            }
            shim.awaitHello();
            try (StreamedReply reply = stream(shim, "{}")) {
                assertThat(reply.rest()).isEqualTo("firstlast");
            }
        }
    }

    @Test
    void whoDoesNotAskForAStreamGetsAllAtOnce() throws Exception {
        try (FakeGateway gateway = node();
                ShimProcess shim = start(gateway, "app.handler")) {
            assertThat(shim.invoke("{\"blocks\":1}").body())
                    .startsWith("first")
                    .endsWith("last")
                    .hasSize(9 + (1 << 20));
            assertThat(shim.invoke("{\"do\":\"page\"}").body())
                    .isEqualTo("{\"statusCode\":201}" + "\0".repeat(8) + "firstlast");
            assertThat(shim.invoke("{\"do\":\"fail\"}").body()).contains("as asked");
            assertThat(shim.invoke("{\"blocks\":7}").body()).contains("Function.ResponseSizeTooLarge");
            try (StreamedReply reply = stream(shim, "{\"do\":\"page\"}")) {
                assertThat(reply.rest()).isEqualTo("{\"statusCode\":201}" + "\0".repeat(8) + "firstlast");
                assertThat(reply.headers)
                        .containsEntry("Content-Type", "application/vnd.awslambda.http-integration-response");
            }
        }
    }

    @Test
    void aHandlerWithoutAStreamAnswersInOnePiece() throws Exception {
        try (FakeGateway gateway = node();
                ShimProcess shim = start(gateway, "app.plain");
                StreamedReply reply = stream(shim, "{\"a\":1}")) {
            assertThat(reply.isStreamed()).isFalse();
            assertThat(reply.rest()).isEqualTo("{\"a\":1}");
        }
    }

    @Test
    void moreThan200MbAreRefused() throws Exception {
        try (FakeGateway gateway = node();
                ShimProcess shim = start(gateway, "app.handler");
                StreamedReply reply = stream(shim, "{\"blocks\":201}")) {
            long length = reply.count();

            assertThat(length).isGreaterThan(199 << 20).isLessThanOrEqualTo(200 << 20);
            assertThat(reply.headers).containsEntry(Wire.ERROR_TYPE, "Function.ResponseSizeTooLarge");
        }
    }

    @Test
    void whoDoesNotReadHoldsTheHandlerUpAndNothingElse() throws Exception {
        try (FakeGateway gateway = node();
                ShimProcess shim = start(gateway, "app.handler", "KAPPA_TIMEOUT_MS", "5000");
                StreamedReply reply = stream(shim, "{\"blocks\":150}")) {
            assertThat(reply.text()).isEqualTo("first");

            shim.awaitHello(); // of the process that takes the place of the one that had no time left

            try (StreamedReply next = stream(shim, "{}")) {
                assertThat(next.rest()).isEqualTo("firstlast");
            }
        }
    }

    @Test
    void aJavaStreamHandlerStreams() throws Exception {
        try (FakeGateway gateway = new FakeGateway(FakeGateway.zipOf(StreamActor.class));
                ShimProcess shim = start(gateway, StreamActor.class.getName())) {
            Path go = folder.resolve("go");
            try (StreamedReply reply = stream(shim, "{\"go\":\"" + go + "\"}")) {
                assertThat(reply.text()).isEqualTo("first");
                Files.createFile(go);
                assertThat(reply.rest()).isEqualTo("last");
                assertThat(reply.headers).containsKey(Wire.DURATION_US).doesNotContainKey(Wire.FUNCTION_ERROR);
            }
            try (StreamedReply reply = stream(shim, "\"fail\"")) {
                assertThat(reply.rest()).isEqualTo("first");
                assertThat(reply.errorBody()).contains("as asked");
            }
            assertThat(shim.invoke("{}").body()).isEqualTo("firstlast");
            try (StreamedReply reply = stream(shim, "\"exit\"")) {
                assertThat(reply.rest()).isEqualTo("first");
                assertThat(reply.headers).containsEntry(Wire.ERROR_TYPE, "Runtime.ExitError");
            }
        }
    }
}
