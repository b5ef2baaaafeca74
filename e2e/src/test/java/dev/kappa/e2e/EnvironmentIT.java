package dev.kappa.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;

/** Instances get the values of Secrets and ConfigMaps, and others when those change. */
@Timeout(300)
class EnvironmentIT {
    private static final String NAMESPACE = "default";
    private static final String NAME = "followed";
    private static final String VERSION = NAME + ":1";

    private static KubernetesClient client;
    private static LambdaClient lambda;

    @BeforeAll
    static void install() throws IOException, InterruptedException {
        Installation.everything();
        client = Cluster.shared().client();
        lambda = Functions.lambda();
    }

    @AfterAll
    static void tidyUp() {
        Functions.delete("Function", NAME);
        client.secrets().inNamespace(NAMESPACE).withName(NAME).delete();
        client.configMaps().inNamespace(NAMESPACE).withName(NAME).delete();
        lambda.close();
    }

    private static void secret(String value) {
        client.resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName(NAME)
                        .withNamespace(NAMESPACE)
                        .endMetadata()
                        .addToStringData("key", value)
                        .build())
                .forceConflicts()
                .serverSideApply();
    }

    private static void configMap(String value) {
        client.resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName(NAME)
                        .withNamespace(NAMESPACE)
                        .endMetadata()
                        .addToData("key", value)
                        .build())
                .forceConflicts()
                .serverSideApply();
    }

    private static String answer(String function) {
        InvokeResponse answer = Functions.invoke(lambda, function, "{}");
        assertThat(answer.functionError()).as(answer.payload().asUtf8String()).isNull();
        return answer.payload().asUtf8String().replace("\"", "");
    }

    private static void awaitAnswers(String expected) {
        for (String function : List.of(NAME, VERSION)) {
            await().atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(answer(function)).isEqualTo(expected));
        }
    }

    private static Map<String, Object> resources() {
        List<Map<String, Object>> conditions = Functions.get("Function", NAME).get("status", "conditions");
        return conditions.stream()
                .filter(it -> "ResourcesAvailable".equals(it.get("type")))
                .findFirst()
                .orElse(Map.of());
    }

    private static void awaitResources(String status) {
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(resources()).containsEntry("status", status));
    }

    @Test
    void instancesFollowWhatTheirVariablesNameAndNoEventIsLost() throws Exception {
        secret("a");
        configMap("one");
        Functions.python(
                NAME,
                "publish: OnChange\n  environment: [{name: SECRET, valueFrom: {secretKeyRef: {name: followed, key: key}}},"
                        + " {name: MAP, valueFrom: {configMapKeyRef: {name: followed, key: key}}}]",
                """
                import os
                def handler(event, context):
                    return os.environ["SECRET"] + os.environ["MAP"]
                """);
        Functions.waitUntilReady("Version", NAME + ".1");
        awaitAnswers("aone");

        ConcurrentLinkedQueue<Throwable> failed = new ConcurrentLinkedQueue<>();
        AtomicInteger answered = new AtomicInteger();
        AtomicBoolean over = new AtomicBoolean();
        List<Thread> callers = List.of(NAME, VERSION).stream()
                .map(function -> Thread.ofVirtual().start(() -> {
                    while (!over.get()) {
                        try {
                            assertThat(answer(function)).isIn("aone", "atwo", "btwo");
                            answered.incrementAndGet();
                            Thread.sleep(10);
                        } catch (Throwable e) {
                            failed.add(e);
                        }
                    }
                }))
                .toList();
        configMap("two");
        awaitAnswers("atwo");

        client.secrets().inNamespace(NAMESPACE).withName(NAME).delete();
        awaitResources("False");
        assertThat(resources())
                .containsEntry("reason", "EnvironmentNotFound")
                .containsEntry(
                        "message",
                        "No pod can be had: Secret followed of namespace default, which the variable SECRET needs, does not exist;"
                                + " create the Secret with that key, or correct spec.environment.");
        assertThat(answer(NAME)).as("what runs goes on").isEqualTo("atwo");

        secret("b");
        awaitAnswers("btwo");
        awaitResources("True");
        over.set(true);
        for (Thread caller : callers) {
            caller.join();
        }
        assertThat(failed).isEmpty();
        assertThat(answered).hasValueGreaterThan(10);
        assertThat(client.genericKubernetesResources("kappa.dev/v1alpha1", "Version")
                        .inNamespace(NAMESPACE)
                        .withName(NAME + ".2")
                        .get())
                .as("a value that changed makes no version")
                .isNull();
    }
}
