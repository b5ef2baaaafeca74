package dev.kappa.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;

/** Versions are published, numbered, kept and retired; aliases split events between them and move at once. */
class VersionIT {
    private static LambdaClient lambda;

    @BeforeAll
    static void install() throws IOException, InterruptedException {
        Installation.everything();
        lambda = Functions.lambda();
    }

    @AfterAll
    static void close() {
        lambda.close();
    }

    @Test
    void aChangePublishesAVersionAndNoNumberIsUsedTwice() {
        code("numbered", "publish: OnChange", 1);
        Functions.waitUntilReady("Version", "numbered.1");
        code("numbered", "publish: OnChange", 2);
        Functions.waitUntilReady("Version", "numbered.2");
        code("numbered", "publish: OnChange, versionRetention: 9", 2);

        assertThat(answer("numbered:1")).isEqualTo("1");
        assertThat(answer("numbered:2")).isEqualTo("2");

        delete("numbered.2");
        code("numbered", "publish: OnChange", 3);
        Functions.waitUntilReady("Version", "numbered.3");
        assertThat(answer("numbered:3")).isEqualTo("3");

        version("numbered", 2);
        GenericKubernetesResource again = Functions.waitFor(
                "Version", "numbered.2", it -> Functions.ready(it, "status").equals("False"));
        assertThat(Functions.ready(again, "reason")).isEqualTo("NumberUsed");
        assertThat(Functions.ready(again, "message")).contains("publish 4 or higher");
    }

    @Test
    void aVersionThatAnAliasPointsToIsNotDeleted() {
        code("used", "publish: OnChange", 1);
        Functions.waitUntilReady("Version", "used.1");
        Functions.alias("used", "version: 1");
        Functions.waitUntilReady("Alias", "used.live");
        Functions.waitFor("Version", "used.1", it -> it.get("status", "aliases") != null);

        assertThatThrownBy(() -> Functions.delete("Version", "used.1"))
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining("version used.1 is in use by alias live; point the alias");
        assertThat(answer("used:live")).isEqualTo("1");

        Functions.delete("Alias", "used.live");
        Functions.waitFor("Version", "used.1", it -> it.get("status", "aliases") == null);
        delete("used.1");
    }

    @Test
    void theNewestVersionsAndThoseInUseAreKept() {
        code("kept", "publish: OnChange, versionRetention: 1", 1);
        Functions.waitUntilReady("Version", "kept.1");
        Functions.alias("kept", "version: 1");
        Functions.waitFor("Version", "kept.1", it -> it.get("status", "aliases") != null);
        code("kept", "publish: OnChange, versionRetention: 1", 2);
        Functions.waitUntilReady("Version", "kept.2");
        code("kept", "publish: OnChange, versionRetention: 1", 3);
        Functions.waitUntilReady("Version", "kept.3");

        Functions.waitUntilGone("Version", "kept.2");
        assertThat(answer("kept:live")).isEqualTo("1");
        assertThat(answer("kept:3")).isEqualTo("3");
    }

    @Test
    void aDeploymentThatSomebodyChangedIsSetBack() {
        code("changed", "publish: Manual", 1);
        Functions.waitUntilReady("Function", "changed");
        var deployment = Cluster.shared()
                .client()
                .apps()
                .deployments()
                .inNamespace("default")
                .withName("fn-changed-latest");
        String image = image(deployment.get());

        deployment.edit(it -> it.edit()
                .editSpec()
                .editTemplate()
                .editSpec()
                .editFirstContainer()
                .withImage("example.com/other:1")
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build());

        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(image(deployment.get())).isEqualTo(image));
    }

    private static String image(Deployment deployment) {
        return deployment
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .getFirst()
                .getImage();
    }

    @Test
    void anAliasSplitsEventsByItsWeightsAndMovesAtOnce() throws Exception {
        code("split", "publish: OnChange", 1);
        Functions.waitUntilReady("Version", "split.1");
        code("split", "publish: OnChange", 2);
        Functions.waitUntilReady("Version", "split.2");
        Functions.alias("split", "version: 1, routing: {version: 2, weight: 12.5}, stickiness: {header: X-Caller}");
        Functions.waitUntilReady("Alias", "split.live");

        Map<String, Integer> executed = new HashMap<>();
        for (int i = 0; i < 2000; i++) {
            InvokeResponse answer = Functions.invoke(lambda, "split:live", "{}");
            assertThat(answer.payload().asUtf8String()).isEqualTo(answer.executedVersion());
            executed.merge(answer.executedVersion(), 1, Integer::sum);
        }
        assertThat(executed.get("2")).isBetween(230, 270);

        try (Load load = Load.on("split:live", 4)) {
            load.pass(200);
            for (int version : new int[] {2, 1, 2}) {
                Functions.alias("split", "version: " + version);
                await("split:live at version " + version)
                        .atMost(Duration.ofSeconds(1))
                        .pollDelay(Duration.ZERO)
                        .pollInterval(Duration.ofMillis(5))
                        .until(() -> answer("split:live"), equalTo(String.valueOf(version)));
                load.pass(200);
            }
            assertThat(load.stop()).isEmpty();
        }
    }

    private static void code(String name, String spec, int answer) {
        Functions.python(name, spec.replace(", ", "\n  "), "def handler(event, context):\n    return " + answer);
    }

    private static void version(String function, int number) {
        Functions.apply("""
                apiVersion: kappa.dev/v1alpha1
                kind: Version
                metadata: {name: NAME.NUMBER, namespace: default}
                spec: {function: NAME, number: NUMBER}
                """.replace("NAME", function).replace("NUMBER", String.valueOf(number)));
    }

    private static String answer(String name) {
        InvokeResponse answer = Functions.invoke(lambda, name, "{}");
        assertThat(answer.functionError()).isNull();
        return answer.payload().asUtf8String();
    }

    private static void delete(String version) {
        Functions.delete("Version", version);
        Functions.waitUntilGone("Version", version);
    }
}
