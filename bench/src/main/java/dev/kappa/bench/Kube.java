package dev.kappa.bench;

import dev.kappa.wire.InstanceToken;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.LocalPortForward;
import io.fabric8.kubernetes.client.dsl.ExecWatch;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

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

    void apply(String function, String spec) {
        apply("Function", function, spec);
    }

    void apply(String kind, String name, String spec) {
        String yaml = "apiVersion: " + API + "\nkind: " + kind + "\nmetadata: {name: " + name + "}\nspec: " + spec;
        client.resource(Serialization.unmarshal(yaml, GenericKubernetesResource.class))
                .inNamespace(namespace)
                .serverSideApply();
    }

    void awaitReady(String function) {
        awaitReady("Function", function);
    }

    void awaitReady(String kind, String name) {
        await(kind, name, ready -> "True".equals(ready.get("status")));
    }

    /** Waits for the Ready condition of the resource as it was applied last. */
    void await(String kind, String name, Predicate<Map<String, Object>> ready) {
        client.genericKubernetesResources(API, kind)
                .inNamespace(namespace)
                .withName(name)
                .waitUntilCondition(it -> it != null && isObserved(it) && isReady(it, ready), 180, TimeUnit.SECONDS);
    }

    private static boolean isObserved(GenericKubernetesResource resource) {
        Number observed = resource.get("status", "observedGeneration");
        return observed != null
                && observed.longValue() == resource.getMetadata().getGeneration();
    }

    private static boolean isReady(GenericKubernetesResource resource, Predicate<Map<String, Object>> ready) {
        List<Map<String, Object>> conditions = resource.get("status", "conditions");
        return conditions != null
                && conditions.stream()
                        .filter(it -> "Ready".equals(it.get("type")))
                        .anyMatch(ready);
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

    /** A Deployment of the same template that Kappa does not know of; its shim looks for its code at the given address. */
    void createBare(String function, String name, String gatewayUrl) {
        Deployment like = client.apps()
                .deployments()
                .inNamespace(namespace)
                .withName("fn-" + function + "-latest")
                .get();
        Map<String, String> labels = Map.of(BARE, name);
        Deployment bare = new DeploymentBuilder()
                .withMetadata(new ObjectMetaBuilder()
                        .withName(name)
                        .withLabels(labels)
                        .build())
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
                .forEach(it -> it.setValue(gatewayUrl));
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

    /** A latch that opens once so many bare Deployments are Ready, as a watch tells. */
    ReadyWatch watchBare(int count) {
        return new ReadyWatch(
                handler -> client.apps()
                        .deployments()
                        .inNamespace(namespace)
                        .withLabel(BARE)
                        .inform(handler, 0),
                count);
    }

    /** The instance's address; it may answer before the kubelet tells it. */
    String address(String function) throws InterruptedException {
        return staying(function).getStatus().getPodIP();
    }

    /** An instance that stays: the one that proved the revision may be on its way out. */
    Pod staying(String function) throws InterruptedException {
        while (true) {
            Optional<Pod> pod = pods(function).stream()
                    .filter(it -> it.getMetadata().getDeletionTimestamp() == null)
                    .filter(it -> it.getStatus().getPodIP() != null)
                    .findFirst();
            if (pod.isPresent()) {
                return pod.get();
            }
            Thread.sleep(50);
        }
    }

    /** How often containers of its instances were started again. */
    int restarts(String function) {
        return pods(function).stream()
                .flatMap(it -> it.getStatus().getContainerStatuses().stream())
                .mapToInt(it -> it.getRestartCount())
                .sum();
    }

    String natsPassword(String user) {
        String base64 = client.secrets()
                .inNamespace("kappa-system")
                .withName("kappa-nats-users")
                .get()
                .getData()
                .get(user);
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }

    /** What a gateway shows to the first instance of a function. */
    String token(String function) {
        Pod pod = pods(function).getFirst();
        return pod.getSpec().getContainers().getFirst().getEnv().stream()
                .filter(it -> it.getName().equals("KAPPA_VERSION_SECRET"))
                .map(it ->
                        InstanceToken.of(it.getValue(), pod.getMetadata().getName(), System.currentTimeMillis() / 1000))
                .findFirst()
                .orElseThrow();
    }

    List<String> partPods(String component) {
        return parts(component).stream().map(it -> it.getMetadata().getName()).toList();
    }

    /** A port of a part that listens inside of its pod only. */
    LocalPortForward forward(String pod, int port) {
        return client.pods().inNamespace("kappa-system").withName(pod).portForward(port);
    }

    private List<Pod> parts(String component) {
        return client.pods()
                .inNamespace("kappa-system")
                .withLabel("app.kubernetes.io/component", component)
                .list()
                .getItems();
    }

    List<String> functionPods() {
        return client.pods().inNamespace(namespace).withLabel("kappa.dev/function").list().getItems().stream()
                .map(it -> it.getMetadata().getName())
                .toList();
    }

    /** The status files of a pod's processes, each ended by a bar. */
    String processes(String podNamespace, String pod) throws InterruptedException, TimeoutException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ExecWatch exec = client.pods()
                .inNamespace(podNamespace)
                .withName(pod)
                .writingOutput(out)
                .exec("sh", "-c", "for s in /proc/[0-9]*/status; do cat $s 2>/dev/null; echo '|'; done")) {
            exec.exitCode().get(20, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException("exec in " + pod + " failed", e.getCause());
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
