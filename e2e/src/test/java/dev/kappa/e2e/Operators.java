package dev.kappa.e2e;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import java.io.IOException;
import java.time.Instant;

/** The operator's replicas, and how a pod dies. */
final class Operators {
    private Operators() {}

    /** False if the one that led last is dead already. */
    static boolean killLeader() throws IOException, InterruptedException {
        try {
            kill(Cluster.shared()
                    .client()
                    .pods()
                    .inNamespace(Installation.NAMESPACE)
                    .withName(leader())
                    .get());
            return true;
        } catch (AssertionError e) {
            return false;
        }
    }

    static String leader() {
        return lease().getHolderIdentity();
    }

    /** When another replica may take the lease unless it is renewed or released before. */
    static Instant leaseExpiry() {
        LeaseSpec lease = lease();
        return lease.getRenewTime().toInstant().plusSeconds(lease.getLeaseDurationSeconds());
    }

    static Instant ledSince() {
        return lease().getAcquireTime().toInstant();
    }

    private static LeaseSpec lease() {
        return Cluster.shared()
                .client()
                .leases()
                .inNamespace(Installation.NAMESPACE)
                .withName("kappa-operator")
                .get()
                .getSpec();
    }

    /** SIGKILL to everything in the pod, as a node that dies does to it. */
    static void kill(Pod pod) throws IOException, InterruptedException {
        String id = pod.getStatus()
                .getContainerStatuses()
                .getFirst()
                .getContainerID()
                .replaceFirst("^.*//", "");
        Cluster.shared().onNode("ctr", "-n", "k8s.io", "tasks", "kill", "--all", "--signal", "SIGKILL", id);
    }
}
