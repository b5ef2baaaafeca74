package dev.kappa.bench.scale;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeConditionBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Nodes without a machine, which are Ready for as long as somebody renews their leases; real nodes take no more pods. */
final class FakeNodes {
    static final String PREFIX = "fake-";
    private static final int COUNT = 10;
    private static final int LEASE_SECONDS = 40;
    private static final int RENEW_SECONDS = 10;
    private static final String LEASES = "kube-node-lease";
    private static final Map<String, Quantity> RESOURCES =
            Map.of("cpu", new Quantity("1000"), "memory", new Quantity("4000Gi"), "pods", new Quantity("10000"));

    private static final DateTimeFormatter MICROSECONDS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT);

    private final KubernetesClient client;
    private final ScheduledExecutorService renewing = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("leases").daemon().factory());

    FakeNodes(KubernetesClient client) {
        this.client = client;
    }

    void start() {
        for (Node node : client.nodes().list().getItems()) {
            client.nodes()
                    .withName(node.getMetadata().getName())
                    .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"unschedulable\":true}}");
        }
        for (int i = 0; i < COUNT; i++) {
            create(PREFIX + i);
        }
        var _ = renewing.scheduleWithFixedDelay(this::renew, RENEW_SECONDS, RENEW_SECONDS, TimeUnit.SECONDS);
    }

    private void create(String name) {
        String now = Instant.now().toString();
        client.resource(new NodeBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .addToLabels("kubernetes.io/hostname", name)
                        .endMetadata()
                        .withNewStatus()
                        .withCapacity(RESOURCES)
                        .withAllocatable(RESOURCES)
                        .withConditions(new NodeConditionBuilder()
                                .withType("Ready")
                                .withStatus("True")
                                .withReason("Pretended")
                                .withLastHeartbeatTime(now)
                                .withLastTransitionTime(now)
                                .build())
                        .endStatus()
                        .build())
                .create();
        client.leases()
                .inNamespace(LEASES)
                .resource(new LeaseBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .withNewSpec()
                        .withHolderIdentity(name)
                        .withLeaseDurationSeconds(LEASE_SECONDS)
                        .withRenewTime(ZonedDateTime.now(ZoneOffset.UTC))
                        .endSpec()
                        .build())
                .create();
    }

    private void renew() {
        String now = ZonedDateTime.now(ZoneOffset.UTC).format(MICROSECONDS);
        for (int i = 0; i < COUNT; i++) {
            try {
                client.leases()
                        .inNamespace(LEASES)
                        .withName(PREFIX + i)
                        .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"renewTime\":\"" + now + "\"}}");
            } catch (RuntimeException e) {
                System.err.println("the lease of " + PREFIX + i + " is renewed later: " + e.getMessage());
            }
        }
    }
}
