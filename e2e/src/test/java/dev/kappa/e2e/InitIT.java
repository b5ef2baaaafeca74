package dev.kappa.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.e2e.handlers.BadStart;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;

/** Handlers whose initialisation takes too long or fails, and the events that wait for it. */
class InitIT {
    private static LambdaClient lambda;

    @BeforeAll
    static void install() throws Exception {
        Installation.everything();
        lambda = Functions.lambda();
    }

    @AfterAll
    static void close() {
        lambda.close();
    }

    @Test
    void anEventWaitsForTheSecondAttemptOfAnInitialisationThatTookTooLong() {
        Functions.python("init-slow", "timeoutSeconds: 40\n  memory: 512Mi\n  scaling: {max: 1}", """
                import os, time
                with open("/tmp/attempts", "a") as attempts:
                    attempts.write("x")
                if os.path.getsize("/tmp/attempts") == 1:
                    time.sleep(300)
                def handler(event, context):
                    return os.path.getsize("/tmp/attempts")
                """);

        InvokeResponse answer = Functions.invoke(lambda, "init-slow", "{}");

        assertThat(answer.functionError()).as(answer.payload().asUtf8String()).isNull();
        assertThat(answer.payload().asUtf8String()).isEqualTo("2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"python3.13", "java25"})
    void everyEventThatWaitsForAFailingInitialisationGetsItsError(String runtime) throws Exception {
        String name = "init-" + runtime.replaceAll("[^a-z]", "");
        String code = runtime.equals("java25")
                ? "package: {sha256: " + Packages.upload(Packages.zip(BadStart.class)) + "}"
                : "inline: {app.py: \"raise RuntimeError('no database')\"}";
        Functions.apply("""
                apiVersion: kappa.dev/v1alpha1
                kind: Function
                metadata: {name: NAME, namespace: default}
                spec: {runtime: RUNTIME, handler: HANDLER, memory: 256Mi, scaling: {max: 2}, code: {CODE}}
                """.replace("NAME", name)
                .replace("RUNTIME", runtime)
                .replace("HANDLER", runtime.equals("java25") ? BadStart.class.getName() + "::handle" : "app.handler")
                .replace("CODE", code));
        Functions.waitFor("Function", name, it -> Functions.ready(it, "reason").equals("HandlerNotLoadable"));

        List<Future<InvokeResponse>> answers = new ArrayList<>();
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 6; i++) {
                answers.add(callers.submit(() -> Functions.invoke(lambda, name, "{}")));
            }
        }

        for (Future<InvokeResponse> answer : answers) {
            assertThat(answer.get().functionError()).isEqualTo("Unhandled");
            assertThat(answer.get().payload().asUtf8String()).contains("no database");
        }
    }
}
