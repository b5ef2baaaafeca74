package dev.kappa.e2e;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;

/** What users do with functions: kubectl apply, wait, AWS SDK invoke. */
final class Functions {
    private static final Map<String, String> OWNERS = new ConcurrentHashMap<>();

    private Functions() {}

    /** AWS's own client; it does not retry, so that a test sees each answer. */
    static LambdaClient lambda() {
        return LambdaClient.builder()
                .endpointOverride(URI.create(Cluster.shared().endpoint()))
                .region(Region.US_EAST_1)
                .credentialsProvider(Identity.administrator().credentials())
                .httpClientBuilder(UrlConnectionHttpClient.builder().socketTimeout(java.time.Duration.ofSeconds(90)))
                .overrideConfiguration(it -> it.retryStrategy(AwsRetryStrategy.doNotRetry()))
                .build();
    }

    static InvokeResponse invoke(LambdaClient lambda, String name, String payload) {
        return lambda.invoke(it -> it.functionName(name).payload(SdkBytes.fromUtf8String(payload)));
    }

    /** A Python function of one file. */
    static void python(String name, String spec, String source) {
        apply("""
                apiVersion: kappa.dev/v1alpha1
                kind: Function
                metadata: {name: NAME, namespace: default}
                spec:
                  runtime: python3.13
                  handler: app.handler
                  SPEC
                  code:
                    inline:
                      app.py: |
                SOURCE
                """.replace("NAME", name).replace("SPEC", spec).replace("SOURCE", source.indent(8)));
    }

    /** The alias {@code live} of a function. */
    static void alias(String function, String spec) {
        apply("""
                apiVersion: kappa.dev/v1alpha1
                kind: Alias
                metadata: {name: NAME.live, namespace: default}
                spec: {function: NAME, SPEC}
                """.replace("NAME", function).replace("SPEC", spec));
    }

    static void apply(String yaml) {
        KubernetesClient client = Cluster.shared().client();
        GenericKubernetesResource resource = Serialization.unmarshal(yaml, GenericKubernetesResource.class);
        claim(resource.getKind() + " " + resource.getMetadata().getName());
        client.resource(resource).inNamespace("default").forceConflicts().serverSideApply();
    }

    /** Test classes run beside each other, so none may change what is another's. */
    private static void claim(String resource) {
        String test = StackWalker.getInstance()
                .walk(frames -> frames.map(StackWalker.StackFrame::getClassName)
                        .filter(it -> it.endsWith("IT"))
                        .findFirst()
                        .orElse(""));
        String owner = OWNERS.putIfAbsent(resource, test);
        assertThat(owner == null ? test : owner)
                .as("the test class that has " + resource)
                .isEqualTo(test);
    }

    static void waitUntilReady(String kind, String name) {
        waitFor(kind, name, it -> ready(it, "status").equals("True"));
    }

    static GenericKubernetesResource waitFor(String kind, String name, Predicate<GenericKubernetesResource> condition) {
        return resources(kind)
                .inNamespace("default")
                .withName(name)
                .waitUntilCondition(it -> it != null && isObserved(it) && condition.test(it), 120, TimeUnit.SECONDS);
    }

    static GenericKubernetesResource get(String kind, String name) {
        return resources(kind).inNamespace("default").withName(name).get();
    }

    /** Hears of every change that the API server tells. */
    static Watch watch(String kind, String name, Consumer<GenericKubernetesResource> changed) {
        return resources(kind).inNamespace("default").withName(name).watch(new Watcher<>() {
            @Override
            public void eventReceived(Action action, GenericKubernetesResource resource) {
                changed.accept(resource);
            }

            @Override
            public void onClose(WatcherException cause) {
                throw new AssertionError("the watch of " + kind + " " + name + " ended", cause);
            }
        });
    }

    static void delete(String kind, String name) {
        resources(kind).inNamespace("default").withName(name).delete();
    }

    static void waitUntilGone(String kind, String name) {
        resources(kind).inNamespace("default").withName(name).waitUntilCondition(Objects::isNull, 60, TimeUnit.SECONDS);
    }

    /** A field of the Ready condition, empty if there is none. */
    static String ready(GenericKubernetesResource resource, String field) {
        List<Map<String, Object>> conditions = resource.get("status", "conditions");
        return conditions == null
                ? ""
                : conditions.stream()
                        .filter(it -> "Ready".equals(it.get("type")))
                        .map(it -> String.valueOf(it.get(field)))
                        .findFirst()
                        .orElse("");
    }

    private static boolean isObserved(GenericKubernetesResource resource) {
        Number observed = resource.get("status", "observedGeneration");
        return observed != null
                && observed.longValue() == resource.getMetadata().getGeneration();
    }

    static List<Pod> pods(String function) {
        return Cluster.shared()
                .client()
                .pods()
                .inNamespace("default")
                .withLabel("kappa.dev/function", function)
                .list()
                .getItems();
    }

    /** A pod that runs and stays. */
    static Pod runningPod(String function) {
        return pods(function).stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .filter(pod -> pod.getStatus().getContainerStatuses().stream()
                        .anyMatch(it -> it.getState().getRunning() != null))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no pod of " + function + " runs"));
    }

    /** Somebody scales the Deployment by hand. */
    static void scale(String function, int replicas) {
        Cluster.shared()
                .client()
                .apps()
                .deployments()
                .inNamespace("default")
                .withName("fn-" + function + "-latest")
                .scale(replicas);
    }

    static void waitForZero(String function) {
        await("function " + function + " at zero")
                .atMost(ofMinutes(1))
                .pollInterval(ofMillis(250))
                .untilAsserted(() -> assertThat(pods(function)).isEmpty());
    }

    private static MixedOperation<GenericKubernetesResource, ?, Resource<GenericKubernetesResource>> resources(
            String kind) {
        return Cluster.shared().client().genericKubernetesResources("kappa.dev/v1alpha1", kind);
    }
}
