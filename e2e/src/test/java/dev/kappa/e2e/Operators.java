package dev.kappa.e2e;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;

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
        GenericKubernetesResource lease = Cluster.shared()
                .client()
                .genericKubernetesResources("coordination.k8s.io/v1", "Lease")
                .inNamespace(Installation.NAMESPACE)
                .withName("kappa-operator")
                .get();
        return lease.get("spec", "holderIdentity");
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
