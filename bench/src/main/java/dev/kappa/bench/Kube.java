package dev.kappa.bench;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Functions, and the bare Deployments beside them. */
final class Kube {
    private static final String API = "kappa.dev/v1alpha1";
    private static final String BARE = "kappa-bench/bare";

    private final KubernetesClient client;
    private final String namespace;

    Kube(KubernetesClient client, String namespace) {
        this.client = client;
        this.namespace = namespace;
    }

    void apply(String name, String spec) {
        String yaml = "apiVersion: " + API + "\nkind: Function\nmetadata: {name: " + name + "}\nspec: " + spec;
        client.resource(Serialization.unmarshal(yaml, GenericKubernetesResource.class))
                .inNamespace(namespace)
                .serverSideApply();
    }

    void awaitReady(String name) {
        client.genericKubernetesResources(API, "Function")
                .inNamespace(namespace)
                .withName(name)
                .waitUntilCondition(Kube::isReady, 180, TimeUnit.SECONDS);
    }

    private static boolean isReady(GenericKubernetesResource function) {
        List<Map<String, Object>> conditions = function.get("status", "conditions");
        return conditions != null
                && conditions.stream()
                        .anyMatch(it -> "Ready".equals(it.get("type")) && "True".equals(it.get("status")));
    }

    List<Pod> pods(String function) {
        return client.pods()
                .inNamespace(namespace)
                .withLabel("kappa.dev/function", function)
                .list()
                .getItems();
    }

    void awaitNoPod(String function) throws InterruptedException {
        while (!pods(function).isEmpty()) {
            Thread.sleep(200);
        }
    }

    /** A Deployment of the same template that Kappa does not know of; its shim finds no gateway. */
    void createBare(String function, String name) {
        Deployment like = client.apps()
                .deployments()
                .inNamespace(namespace)
                .withName("fn-" + function + "-latest")
                .get();
        Map<String, String> labels = Map.of(BARE, name);
        Deployment bare = new DeploymentBuilder()
                .withMetadata(new ObjectMetaBuilder().withName(name).build())
                .withNewSpecLike(like.getSpec())
                .withReplicas(0)
                .withNewSelector()
                .withMatchLabels(labels)
                .endSelector()
                .editTemplate()
                .withNewMetadata()
                .withLabels(labels)
                .endMetadata()
                .endTemplate()
                .endSpec()
                .build();
        bare.getSpec().getTemplate().getSpec().getContainers().getFirst().getEnv().stream()
                .filter(it -> it.getName().equals("KAPPA_GATEWAY_URL"))
                .forEach(it -> it.setValue("http://127.0.0.1:9"));
        client.resource(bare).inNamespace(namespace).serverSideApply();
    }

    void scaleBare(String name, int replicas) {
        client.apps()
                .deployments()
                .inNamespace(namespace)
                .withName(name)
                .subresource("scale")
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"replicas\":" + replicas + "}}");
    }

    List<Pod> barePods(String name) {
        return client.pods().inNamespace(namespace).withLabel(BARE, name).list().getItems();
    }

    int readyBare() {
        return client.apps().deployments().inNamespace(namespace).list().getItems().stream()
                .filter(it -> it.getMetadata().getName().startsWith("bare-"))
                .mapToInt(it -> it.getStatus().getReadyReplicas() == null ? 0 : 1)
                .sum();
    }

    String token(String function) {
        return pods(function).getFirst().getSpec().getContainers().getFirst().getEnv().stream()
                .filter(it -> it.getName().equals("KAPPA_TOKEN"))
                .map(it -> it.getValue())
                .findFirst()
                .orElseThrow();
    }

    /** Working set and resident memory of each container as the kubelet counts them. */
    String nodeStats() {
        String node = client.nodes().list().getItems().getFirst().getMetadata().getName();
        return client.raw("/api/v1/nodes/" + node + "/proxy/stats/summary");
    }
}
