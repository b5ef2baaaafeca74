package dev.kappa.shim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.shim.handlers.Actor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which variables a handler sees: the function's as they are given, Lambda's own, and for the rest Lambda's defaults. */
class EnvironmentTest {
    private static final Map<String, String> FILES = Map.of(
            "app.py", """
            import os, time
            def handler(event, context):
                return {"env": dict(os.environ), "zone": time.strftime("%z", time.localtime(1700000000))}
            """,
            "app.js", """
            exports.handler = async () => ({
              env: process.env,
              zone: new Date(1700000000000).getTimezoneOffset() === -330 ? "+0530" : "+0000" });
            """);

    @TempDir
    Path folder;

    private FakeGateway gateway(String runtime) throws Exception {
        boolean java = runtime.startsWith("java");
        return new FakeGateway(java ? FakeGateway.zipOf(Actor.class) : FakeGateway.zip(FILES));
    }

    private Map<?, ?> seen(String runtime, Map<String, String> given) throws Exception {
        String handler = runtime.startsWith("java") ? Actor.class.getName() : "app.handler";
        try (FakeGateway gateway = gateway(runtime);
                ShimProcess shim = new ShimProcess(gateway, folder, runtime, handler, given)) {
            assertThat(shim.awaitHello().get("initErrorMessage")).isNull();
            return shim.invoke("{\"do\":\"environment\"}").json();
        }
    }

    private static Map<?, ?> env(Map<?, ?> answer) {
        return answer.get("env") instanceof Map<?, ?> env ? env : Map.of();
    }

    @ParameterizedTest
    @ValueSource(strings = {"python3.13", "nodejs20", "java25"})
    void whatIsNotReservedTakesEffect(String runtime) throws Exception {
        Map<String, String> given = new LinkedHashMap<>();
        given.put("TZ", "Asia/Kolkata");
        given.put("LANG", "C");
        given.put("LC_ALL", "C.UTF-8");
        given.put("PATH", "/var/task/bin:" + System.getenv("PATH"));
        given.put("LD_LIBRARY_PATH", "/var/task/native");
        given.put("NODE_PATH", "/var/task/modules");
        given.put("NODE_OPTIONS", "--no-deprecation");
        given.put("PYTHONPATH", "/var/task/packages");
        given.put("JAVA_TOOL_OPTIONS", "-Dcolor=blue");
        given.put("HOME", "/var/task");
        for (String name : "shim stopping status memory heap level java name".split(" ", -1)) {
            given.put(name, "the function's own " + name + " $$ $(x) 'é'");
        }

        Map<?, ?> answer = seen(runtime, given);

        Map<?, ?> env = env(answer);
        given.forEach((name, value) -> assertThat(env.get(name)).as(name).isEqualTo(value));
        assertThat(answer.get("zone")).isEqualTo("+0530");
    }

    @ParameterizedTest
    @CsvSource({"python3.13, python3", "nodejs20, node", "java25, java"})
    void theFunctionsOwnWrapperStartsTheLanguage(String runtime, String program) throws Exception {
        Path wrapper = folder.resolve("wrapper");
        Files.writeString(wrapper, """
                #!/bin/sh
                export STARTED="${1##*/}"
                exec "$@"
                """);
        assertThat(wrapper.toFile().setExecutable(true)).isTrue();

        Map<?, ?> env = env(seen(runtime, Map.of("AWS_LAMBDA_EXEC_WRAPPER", wrapper.toString())));

        assertThat(env.get("STARTED")).isEqualTo(program);
    }

    @Test
    void aWrapperThatIsNotThereIsNamed() throws Exception {
        Map<String, String> given = Map.of("AWS_LAMBDA_EXEC_WRAPPER", "/opt/none");
        try (FakeGateway gateway = gateway("java25");
                ShimProcess shim = new ShimProcess(gateway, folder, "java25", Actor.class.getName(), given)) {
            assertThat(shim.awaitHello().get("initErrorMessage"))
                    .asString()
                    .contains("AWS_LAMBDA_EXEC_WRAPPER", "/opt/none");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"python3.13", "nodejs20", "java25"})
    void whatIsNotGivenIsAsOnLambda(String runtime) throws Exception {
        Map<?, ?> answer = seen(runtime, Map.of("LANG", "", "TZ", "", "LD_LIBRARY_PATH", ""));

        Map<?, ?> env = env(answer);
        assertThat(env.get("TZ")).isEqualTo(":UTC");
        assertThat(env.get("LANG")).isEqualTo("en_US.UTF-8");
        assertThat(env.get("LD_LIBRARY_PATH"))
                .isEqualTo("/lib64:/usr/lib64:/var/runtime:/var/runtime/lib:/var/task:/var/task/lib:/opt/lib");
        assertThat(env.get("AWS_EXECUTION_ENV")).isEqualTo("AWS_Lambda_" + runtime);
        assertThat(env.get("AWS_LAMBDA_FUNCTION_NAME")).isEqualTo("fn");
        assertThat(answer.get("zone")).isEqualTo("+0000");
    }

    /** A library of the function in the shim or its helper could read what the shim has and the handler must not. */
    @ParameterizedTest
    @ValueSource(strings = {"python3.13", "nodejs20"})
    void whatTheLoaderIsToldConcernsTheHandlersProcessOnly(String runtime) throws Exception {
        Path output = Files.createDirectory(folder.resolve("loader"));
        Map<String, String> given = Map.of(
                "LD_DEBUG", "files", "LD_DEBUG_OUTPUT", output.resolve("of").toString(), "HOSTALIASES", "/tmp/hosts");

        Map<?, ?> env = env(seen(runtime, given));

        given.forEach((name, value) -> assertThat(env.get(name)).as(name).isEqualTo(value));

        List<String> programs = new ArrayList<>();
        try (Stream<Path> files = Files.list(output)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.readAllLines(file, StandardCharsets.ISO_8859_1).stream()
                        .filter(line -> line.contains("initialize program: "))
                        .forEach(programs::add);
            }
        }
        assertThat(programs).anyMatch(it -> it.contains(runtime.startsWith("node") ? "node" : "python3"));
        assertThat(programs).noneMatch(it -> it.contains("java") || it.contains("jspawnhelper"));
    }

    @Test
    void optionsOfTheHandlersJvmAreNotThoseOfTheShim() throws Exception {
        Map<?, ?> answer = seen(
                "python3.13",
                Map.of(
                        "JAVA_TOOL_OPTIONS",
                        "-XX:+NoSuchOption",
                        "LD_PRELOAD",
                        "",
                        "LD_LIBRARY_PATH",
                        folder.toString()));

        assertThat(env(answer).get("JAVA_TOOL_OPTIONS")).isEqualTo("-XX:+NoSuchOption");
    }
}
