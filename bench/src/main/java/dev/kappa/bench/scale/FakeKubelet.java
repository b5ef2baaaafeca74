package dev.kappa.bench.scale;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.net.HttpURLConnection;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** The kubelet of all pretended nodes: a pod that is bound runs at once, one that is deleted is gone at once. */
final class FakeKubelet implements ResourceEventHandler<Pod> {
    private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);

    private final KubernetesClient client;
    private final FakeShim shim;
    private final String address;
    private final Set<String> begun = ConcurrentHashMap.newKeySet();
    private final Set<String> ending = ConcurrentHashMap.newKeySet();
    private final AtomicInteger failures = new AtomicInteger();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    FakeKubelet(KubernetesClient client, FakeShim shim, String address) {
        this.client = client;
        this.shim = shim;
        this.address = address;
    }

    void start() {
        client.pods().inAnyNamespace().withLabel("kappa.dev/function").inform(this, 0);
    }

    /** Pods that run. */
    int running() {
        return begun.size();
    }

    int failures() {
        return failures.get();
    }

    @Override
    public void onAdd(Pod pod) {
        seen(pod);
    }

    @Override
    public void onUpdate(Pod before, Pod pod) {
        seen(pod);
    }

    @Override
    public void onDelete(Pod pod, boolean unknown) {
        begun.remove(pod.getMetadata().getUid());
        ending.remove(pod.getMetadata().getUid());
    }

    private void seen(Pod pod) {
        String node = pod.getSpec().getNodeName();
        if (node == null || !node.startsWith(FakeNodes.PREFIX)) {
            return;
        }
        String uid = pod.getMetadata().getUid();
        if (pod.getMetadata().getDeletionTimestamp() != null) {
            if (ending.add(uid)) {
                attempt(() -> end(pod));
            }
        } else if (begun.add(uid)) {
            long now = System.currentTimeMillis();
            attempt(() -> shim.hello(pod, now));
            attempt(() -> run(pod));
        }
    }

    /** What may fail. */
    private interface Step {
        void run() throws Exception;
    }

    private void attempt(Step step) {
        threads.execute(() -> {
            try {
                step.run();
            } catch (KubernetesClientException e) {
                if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
                    failed(e);
                }
            } catch (Exception e) {
                failed(e);
            }
        });
    }

    private void failed(Exception e) {
        failures.incrementAndGet();
        System.err.println("a pretended pod failed: " + e.getMessage());
    }

    private void run(Pod pod) {
        client.pods()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getMetadata().getName())
                .subresource("status")
                .patch(MERGE, status(pod));
    }

    private void end(Pod pod) {
        client.pods()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getMetadata().getName())
                .withGracePeriod(0)
                .delete();
    }

    private String status(Pod pod) {
        String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        String condition = "{\"type\":\"%s\",\"status\":\"True\",\"lastTransitionTime\":\"" + now + "\"}";
        return "{\"status\":{\"phase\":\"Running\",\"podIP\":\"" + address + "\",\"podIPs\":[{\"ip\":\"" + address
                + "\"}],\"startTime\":\"" + now + "\",\"conditions\":["
                + String.join(
                        ",",
                        condition.formatted("PodScheduled"),
                        condition.formatted("Initialized"),
                        condition.formatted("ContainersReady"),
                        condition.formatted("Ready"))
                + "],\"containerStatuses\":[{\"name\":\""
                + pod.getSpec().getContainers().getFirst().getName()
                + "\",\"image\":\"none\",\"imageID\":\"none\",\"ready\":true,\"started\":true,\"restartCount\":0,"
                + "\"state\":{\"running\":{\"startedAt\":\"" + now + "\"}}}]}}";
    }
}
