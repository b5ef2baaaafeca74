package dev.kappa.operator;

import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which replica of the operator writes: the holder of the lease {@code kappa-operator}. */
final class Leadership {
    private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);
    private static final String LEASE = "kappa-operator";
    private static final Duration EXPIRY = Duration.ofSeconds(10);
    private static final Duration RENEWAL_LIMIT = Duration.ofSeconds(7);

    /** A lease that was released is taken after one to two of these: nobody scales until then. */
    private static final Duration RETRY = Duration.ofMillis(500);

    private static final Duration LEAVING_LIMIT = Duration.ofSeconds(8);

    private final KubernetesClient client;
    private final String namespace;
    private final String identity;
    private final AtomicBoolean leads = new AtomicBoolean();
    private final CountDownLatch ended = new CountDownLatch(1);

    /**
     * @param client the API server
     * @param namespace where the lease is
     * @param identity of this replica, its pod's name
     */
    Leadership(KubernetesClient client, String namespace, String identity) {
        this.client = client;
        this.namespace = namespace;
        this.identity = identity;
    }

    boolean leads() {
        return leads.get();
    }

    LeaderElectionConfiguration configuration() {
        return LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(LEASE)
                .withLeaseNamespace(namespace)
                .withIdentity(identity)
                .withLeaseDuration(EXPIRY)
                .withRenewDeadline(RENEWAL_LIMIT)
                .withRetryPeriod(RETRY)
                .withLeaderCallbacks(
                        new LeaderCallbacks(this::begin, this::end, it -> LOG.info("The leader is {}", it)))
                .build();
    }

    /** On SIGTERM hands the lease over; else nobody decides until it expires. JOSDK has no hook where there is a lease. */
    void handOverOnExit(Operator operator) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> handOver(operator), "hand-over"));
    }

    /** It decides until it has ended what it writes, since nobody else does before the lease is released. */
    private void handOver(Operator operator) {
        if (!leads.get()) {
            return;
        }
        // JOSDK's own end of leading is System.exit, which waits for this hook for ever
        Thread.ofPlatform().daemon().name("stop").start(operator::stop);
        try {
            if (ended.await(LEAVING_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (KubernetesClientException e) {
            System.err.println(
                    "The lease " + LEASE + " was not released, it expires: " + e.getMessage()); // loggers are gone
        }
    }

    /** As an elector does that releases on its end; JOSDK's does not. */
    private void release() {
        client.leases().inNamespace(namespace).withName(LEASE).edit(lease -> {
            LeaseSpec spec = lease.getSpec();
            if (!identity.equals(spec.getHolderIdentity())) {
                return lease;
            }
            return lease.edit()
                    .editSpec()
                    .withHolderIdentity(null)
                    .withLeaseDurationSeconds(1)
                    .endSpec()
                    .build();
        });
    }

    private void begin() {
        leads.set(true);
        LOG.info("This replica leads");
    }

    private void end() {
        leads.set(false);
        ended.countDown();
        LOG.info("This replica leads no more");
    }
}
