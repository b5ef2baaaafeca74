package dev.kappa.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.NonDeletingOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.LambdaException;

/** What the cluster refuses a function is told within seconds, and it goes on by itself once it is refused no more. */
class ObstacleIT {
    private static final String NAMESPACE = "obstacles";
    private static final String QUOTA = "limited";
    private static KubernetesClient client;

    @BeforeAll
    static void install() throws IOException, InterruptedException {
        Installation.everything();
        client = Cluster.shared().client();
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(NAMESPACE)
                        .endMetadata()
                        .build())
                .createOr(NonDeletingOperation::update);
        client.serviceAccounts()
                .inNamespace(NAMESPACE)
                .withName("default")
                .waitUntilCondition(account -> account != null, 60, TimeUnit.SECONDS);
    }

    @AfterEach
    void liftTheQuota() {
        client.resourceQuotas().inNamespace(NAMESPACE).withName(QUOTA).delete();
    }

    @AfterAll
    static void leaveNothing() {
        client.namespaces().withName(NAMESPACE).delete();
    }

    @Test
    void aQuotaOfPodsIsToldAndANewFunctionStartsOnceItIsRaised() {
        quota("pods");
        apply("crowded", "");

        GenericKubernetesResource refused = await("crowded", "ResourcesAvailable", "False");
        assertThat(condition(refused, "ResourcesAvailable", "reason")).isEqualTo("FailedCreate");
        assertThat(condition(refused, "ResourcesAvailable", "message"))
                .contains("exceeded quota: " + QUOTA, "raise the ResourceQuota");
        assertThat(condition(refused, "Ready", "status")).isEqualTo("False");
        assertThat(events("crowded")).anyMatch(it -> it.contains("exceeded quota"));

        liftTheQuota();
        await("crowded", "Ready", "True");
        await("crowded", "ResourcesAvailable", "True");
    }

    @Test
    void aReadyFunctionStaysReadyAndTellsWithinSecondsWhyItsEventWaits() throws Exception {
        apply("proven", "");
        await("proven", "Ready", "True");
        waitForNoPod("proven");
        quota("pods");
        try (LambdaClient lambda = Functions.lambda()) {
            CompletableFuture<String> event = CompletableFuture.supplyAsync(() -> refusal(lambda, "proven"));
            long asked = System.nanoTime();
            GenericKubernetesResource refused = await("proven", "ResourcesAvailable", "False");
            assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(4));
            assertThat(condition(refused, "Ready", "status")).isEqualTo("True");
            // After about two seconds instead of a minute.
            assertThat(event.get(10, TimeUnit.SECONDS)).contains("No instance of", "exceeded quota");
            // Long enough for the ReplicaSet's own pauses to be longer than ours.
            Thread.sleep(20_000);

            liftTheQuota();
            long lifted = System.nanoTime();
            await("proven", "ResourcesAvailable", "True");
            Functions.invoke(lambda, "proven." + NAMESPACE, "{}");
            assertThat(Duration.ofNanos(System.nanoTime() - lifted)).isLessThan(Duration.ofSeconds(35));
        }
    }

    @Test
    void aRefusedDeploymentIsToldAndAppliedOnceItIsAdmitted() {
        quota("count/deployments.apps");
        apply("unadmitted", "");

        GenericKubernetesResource refused = await("unadmitted", "Reconciled", "False");
        assertThat(condition(refused, "Reconciled", "message"))
                .startsWith("Deployment fn-unadmitted-latest is refused: ")
                .contains("exceeded quota", "raise the ResourceQuota");
        assertThat(condition(refused, "ResourcesAvailable", "status")).isEqualTo("False");
        assertThat(condition(refused, "Ready", "reason")).isEqualTo("Refused");
        assertThat(events("unadmitted")).anyMatch(it -> it.contains("fn-unadmitted-latest is refused"));

        liftTheQuota();
        assertThat(condition(await("unadmitted", "Ready", "True"), "Reconciled", "status"))
                .isEmpty();
    }

    @Test
    void aMissingSecretAndAMissingServiceAccountAreTold() {
        apply(
                "keyless",
                "environment: [{name: KEY, valueFrom: {secretKeyRef: {name: later, key: k}}}]\n  serviceAccountName: later");
        assertThat(condition(await("keyless", "ResourcesAvailable", "False"), "ResourcesAvailable", "message"))
                .contains("Secret later", "spec.environment");
        client.resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName("later")
                        .withNamespace(NAMESPACE)
                        .endMetadata()
                        .addToStringData("k", "v")
                        .build())
                .create();
        resource("keyless")
                .waitUntilCondition(
                        it -> condition(it, "ResourcesAvailable", "message").contains("spec.serviceAccountName"),
                        60,
                        TimeUnit.SECONDS);
        client.resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withName("later")
                        .withNamespace(NAMESPACE)
                        .endMetadata()
                        .build())
                .create();
        await("keyless", "Ready", "True");
        await("keyless", "ResourcesAvailable", "True");
    }

    private static String refusal(LambdaClient lambda, String function) {
        try {
            return "answered " + Functions.invoke(lambda, function + "." + NAMESPACE, "{}");
        } catch (LambdaException e) {
            assertThat(e.statusCode()).isEqualTo(502);
            return String.valueOf(e.getMessage());
        }
    }

    private static void quota(String resource) {
        client.resource(new ResourceQuotaBuilder()
                        .withNewMetadata()
                        .withName(QUOTA)
                        .withNamespace(NAMESPACE)
                        .endMetadata()
                        .withNewSpec()
                        .withHard(Map.of(resource, new Quantity("0")))
                        .endSpec()
                        .build())
                .create();
        client.resourceQuotas()
                .inNamespace(NAMESPACE)
                .withName(QUOTA)
                .waitUntilCondition(
                        it -> it.getStatus() != null && it.getStatus().getHard() != null, 30, TimeUnit.SECONDS);
    }

    private static void apply(String name, String spec) {
        client.resource(Serialization.unmarshal(
                        """
                apiVersion: kappa.dev/v1alpha1
                kind: Function
                metadata: {name: NAME, namespace: obstacles}
                spec:
                  runtime: python3.13
                  handler: app.handler
                  SPEC
                  code:
                    inline: {app.py: "def handler(event, context): return 1"}
                """.replace("NAME", name).replace("SPEC", spec), GenericKubernetesResource.class))
                .forceConflicts()
                .serverSideApply();
    }

    private static GenericKubernetesResource await(String name, String type, String status) {
        return resource(name)
                .waitUntilCondition(it -> condition(it, type, "status").equals(status), 60, TimeUnit.SECONDS);
    }

    private static Resource<GenericKubernetesResource> resource(String name) {
        return client.genericKubernetesResources("kappa.dev/v1alpha1", "Function")
                .inNamespace(NAMESPACE)
                .withName(name);
    }

    private static String condition(GenericKubernetesResource resource, String type, String field) {
        List<Map<String, Object>> conditions = resource == null ? null : resource.get("status", "conditions");
        return conditions == null
                ? ""
                : conditions.stream()
                        .filter(it -> type.equals(it.get("type")))
                        .map(it -> String.valueOf(it.get(field)))
                        .findFirst()
                        .orElse("");
    }

    private static List<String> events(String function) {
        return client.v1().events().inNamespace(NAMESPACE).list().getItems().stream()
                .filter(it -> it.getInvolvedObject().getName().equals(function))
                .filter(it -> "Function".equals(it.getInvolvedObject().getKind()))
                .map(io.fabric8.kubernetes.api.model.Event::getMessage)
                .toList();
    }

    private static void waitForNoPod(String function) throws InterruptedException {
        for (int tries = 0; tries < 240; tries++) {
            if (client.pods()
                    .inNamespace(NAMESPACE)
                    .withLabel("kappa.dev/function", function)
                    .list()
                    .getItems()
                    .isEmpty()) {
                return;
            }
            Thread.sleep(250);
        }
        throw new AssertionError(function + " still has pods");
    }
}
