package dev.kappa.e2e;

import dev.kappa.history.History.Fault;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.DoubleConsumer;

/** Kills parts of Kappa with SIGKILL, at random times and in random order. */
final class Killer {
    private static final int SHORTEST_MS = 3_000;
    private static final int LONGEST_MS = 7_000;
    private static final int SLICES = 10;
    /** The kubelet waits longer after each restart of a container. */
    private static final int MOST_OF_NATS = 4;

    private final int kills;
    private final long seed = Long.getLong("kappa.chaos.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final KubernetesClient client = Cluster.shared().client();
    private final boolean persistent = Installation.hasDefaultStorage();
    private final Map<String, Integer> killed = new TreeMap<>();
    private final List<Fault> faults = new ArrayList<>();

    Killer(int kills) {
        this.kills = kills;
    }

    /** Kills, and tells all the time which share of it is done. */
    void run(DoubleConsumer progress) throws IOException, InterruptedException {
        System.out.println("chaos: seed " + seed);
        List<String> kinds = kinds();
        for (int i = 0; i < kills; i++) {
            int pauseMs = random.nextInt(SHORTEST_MS, LONGEST_MS);
            for (int slice = 1; slice <= SLICES; slice++) {
                progress.accept((i + (double) slice / SLICES) / (kills + 1));
                Thread.sleep(pauseMs / SLICES);
            }
            while (!kill(kinds.get(i))) {
                Thread.sleep(200);
            }
        }
    }

    List<Fault> faults() {
        return List.copyOf(faults);
    }

    Map<String, Integer> killed() {
        return Map.copyOf(killed);
    }

    /** Each kind at its share, so that a short run too has one of each. */
    private List<String> kinds() {
        List<String> kinds = new ArrayList<>();
        int nats = Math.clamp(kills / 6, 1, MOST_OF_NATS);
        for (int i = 0; i < kills; i++) {
            kinds.add(
                    i < nats
                            ? "nats"
                            : List.of("gateway", "function", "api", "gateway", "function", "operator")
                                    .get(i % 6));
        }
        Collections.shuffle(kinds, random);
        return kinds;
    }

    private boolean kill(String kind) throws IOException, InterruptedException {
        List<Pod> running = (kind.equals("function")
                        ? Functions.pods(Sender.FUNCTION)
                        : client.pods()
                                .inNamespace(Installation.NAMESPACE)
                                .withLabel("app.kubernetes.io/component", kind)
                                .list()
                                .getItems())
                .stream().filter(Killer::isRunning).toList();
        if (running.isEmpty()) {
            return false;
        }
        Pod pod = running.get(random.nextInt(running.size()));
        try {
            faults.add(new Fault(kind + " " + pod.getMetadata().getName(), System.currentTimeMillis()));
            Operators.kill(pod);
        } catch (AssertionError e) {
            // It went away in this moment.
            return false;
        }
        // NATS comes back in the same pod or, if its disk is its own, in a new one.
        if (!kind.equals("nats") || (persistent && random.nextBoolean())) {
            // A new pod starts without the kubelet's growing pause between restarts.
            client.resource(pod).withGracePeriod(0).delete();
        }
        killed.merge(kind, 1, Integer::sum);
        System.out.println("chaos: killed " + pod.getMetadata().getName());
        return true;
    }

    private static boolean isRunning(Pod pod) {
        return pod.getMetadata().getDeletionTimestamp() == null
                && pod.getStatus().getContainerStatuses().stream()
                        .anyMatch(it -> it.getState().getRunning() != null && it.getContainerID() != null)
                && pod.getStatus().getContainerStatuses().stream().allMatch(ContainerStatus::getReady);
    }
}
