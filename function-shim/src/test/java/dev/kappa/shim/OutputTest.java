package dev.kappa.shim;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An event's lines are complete, in order, before its REPORT line, and never those of another. */
class OutputTest {
    private static final Map<String, String> FILES = Map.of(
            "app.py", """
            import os, subprocess, sys
            def handler(event, context):
                name = event["name"]
                for i in range(event["lines"]):
                    line = f"{name} {i} " + "x" * 50
                    if event.get("how") == "stream":
                        sys.stdout.write(line + "\\n")
                    else:
                        print(line)
                if event.get("how") == "child":
                    subprocess.run(["/bin/sh", "-c", f"echo {name} of a child >&2"])
                sys.stdout.write(f"{name} ends")
                if event.get("exit"):
                    os._exit(3)
                return name
            """,
            "app.js", """
            const { spawnSync } = require("node:child_process");
            exports.handler = async (event) => {
              for (let i = 0; i < event.lines; i++) {
                const line = `${event.name} ${i} ` + "x".repeat(50);
                if (event.how === "stream") process.stdout.write(line + "\\n");
                else if (event.how === "error") process.stderr.write(line + "\\n");
                else console.log(line);
                if (event.shared && i % 100 === 0) await new Promise((r) => setImmediate(r));
              }
              if (event.how === "child") spawnSync("/bin/sh", ["-c", `echo ${event.name} of a child >&2`], { stdio: "inherit" });
              if (event.shared) console.log(`${event.name} ends`);
              else process.stdout.write(`${event.name} ends`);
              if (event.exit) process.exit(3);
              if (event.fail) throw Object.assign(new RangeError("as asked"), { detail: { a: 1 } });
              if (event.throw) setTimeout(() => { throw new RangeError("as asked"); }, 1);
              if (event.reject) Promise.reject(new RangeError("as asked"));
              if (event.throw || event.reject) await new Promise((r) => setTimeout(r, 5000));
              return event.name;
            };
            """);

    @TempDir
    Path folder;

    private ShimProcess shim(FakeGateway gateway, String runtime, int capacity) throws Exception {
        ShimProcess shim = new ShimProcess(
                gateway, folder, runtime, "app.handler", Map.of("KAPPA_PER_INSTANCE", Integer.toString(capacity)));
        assertThat(shim.awaitHello().get("initErrorMessage")).isNull();
        return shim;
    }

    @ParameterizedTest
    @CsvSource({
        "python3.13, print",
        "python3.13, stream",
        "python3.13, child",
        "nodejs20, print",
        "nodejs20, stream",
        "nodejs20, error",
        "nodejs20, child"
    })
    void aHundredThousandLinesComeBeforeTheReport(String runtime, String how) throws Exception {
        try (FakeGateway gateway = new FakeGateway(FakeGateway.zip(FILES));
                ShimProcess shim = shim(gateway, runtime, 1)) {
            for (String name : List.of("first", "second")) {
                ShimProcess.Reply reply =
                        shim.invoke("{\"name\":\"" + name + "\",\"lines\":100000,\"how\":\"" + how + "\"}");

                assertThat(reply.error()).isNull();
                assertThat(reply.log()).contains(name + " endsEND RequestId: ").contains(name + " 99999 ");
            }
            shim.invoke("{\"name\":\"exit\",\"lines\":20000,\"exit\":true,\"how\":\"" + how + "\"}");

            List<String> lines = shim.log()
                    .lines()
                    .map(line -> line.replaceFirst("^\\S+Z\t\\S+\tINFO\t", ""))
                    .toList();
            int at = 0;
            for (String name : List.of("first", "second")) {
                assertThat(lines.get(at)).startsWith("START RequestId: ");
                for (int i = 0; i < 100_000; i++) {
                    assertThat(lines.get(at + 1 + i)).isEqualTo(name + " " + i + " " + "x".repeat(50));
                }
                at += 100_001 + (how.equals("child") ? 1 : 0);
                assertThat(lines.get(at)).startsWith(name + " endsEND RequestId: ");
                assertThat(lines.get(at + 1)).startsWith("REPORT RequestId: ");
                at += 2;
            }
            assertThat(lines.get(at + 20_000)).startsWith("exit 19999 ");
            assertThat(shim.log()).doesNotContain("kappa-mark");
        }
    }

    @Test
    void manyLinesOfManyEventsStayApart() throws Exception {
        try (FakeGateway gateway = new FakeGateway(FakeGateway.zip(FILES));
                ShimProcess shim = shim(gateway, "nodejs20", 3)) {
            var one = shim.invokeLater("one", "{\"name\":\"one\",\"lines\":30000,\"shared\":true}");
            var two = shim.invokeLater("two", "{\"name\":\"two\",\"lines\":30000,\"shared\":true}");
            var three = shim.invokeLater("three", "{\"name\":\"three\",\"lines\":30000,\"shared\":true}");

            for (var call : List.of(one, two, three)) {
                ShimProcess.Reply reply = call.get(30, TimeUnit.SECONDS);
                String name = reply.body().replace("\"", "");
                List<String> others = List.of("one", "two", "three").stream()
                        .filter(it -> !it.equals(name))
                        .toList();
                assertThat(reply.log()).contains("\t" + name + " ends\nEND RequestId: " + name);
                others.forEach(other -> assertThat(reply.log()).doesNotContain("\t" + other + " "));
                assertThat(shim.log().split("\t" + name + " \\d+ x{50}\n", -1)).hasSize(30_001);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"fail Invoke Error", "throw Uncaught Exception", "reject Unhandled Promise Rejection"})
    void anErrorIsLoggedAsAwsClientForNodeDoes(String whatAndTitle) throws Exception {
        String[] parts = whatAndTitle.split(" ", 2);
        try (FakeGateway gateway = new FakeGateway(FakeGateway.zip(FILES));
                ShimProcess shim = shim(gateway, "nodejs20", 1)) {
            ShimProcess.Reply reply = shim.invoke("{\"name\":\"a\",\"lines\":0,\"" + parts[0] + "\":true}");

            String type = parts[0].equals("reject") ? "Runtime.UnhandledPromiseRejection" : "RangeError";
            assertThat(reply.json().get("errorType")).isEqualTo(type);
            assertThat(reply.json().containsKey("trace")).isTrue();
            assertThat(reply.json().containsKey("stack")).isFalse();
            String line = reply.log()
                    .lines()
                    .filter(it -> it.contains("\tERROR\t"))
                    .findFirst()
                    .orElseThrow();
            assertThat(line)
                    .containsPattern("Z\t[0-9a-f-]{36}\tERROR\t" + Pattern.quote(parts[1]) + " \t\\{\"errorType\":\""
                            + type + "\",\"errorMessage\":\"(RangeError: )?as asked\",")
                    .containsPattern("\"stack\":\\[\"" + type + ": (RangeError: )?as asked\",\"    at ")
                    .doesNotContain("\"trace\"");
            assertThat(line.contains("\"detail\":{\"a\":1}")).isEqualTo(parts[0].equals("fail"));
        }
    }
}
