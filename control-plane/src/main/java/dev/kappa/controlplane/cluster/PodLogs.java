package dev.kappa.controlplane.cluster;

import dev.kappa.api.v1alpha1.Labels;
import dev.kappa.controlplane.logs.LogIds;
import dev.kappa.controlplane.logs.LogLine;
import dev.kappa.controlplane.logs.LogSource;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the pods of a function that there are have printed, as the API server has it of their nodes. */
public final class PodLogs implements LogSource {
    private static final Logger LOG = LoggerFactory.getLogger(PodLogs.class);
    private static final int BYTES_OF_A_CONTAINER = 512 * 1024;

    /** The newest; so many are read for each call. */
    private static final int PODS = 50;

    private final KubernetesClient client;

    /**
     * Reads through a client.
     *
     * @param client the API server
     */
    public PodLogs(KubernetesClient client) {
        this.client = client;
    }

    @Override
    public List<Stream> streams(String namespace, String function) {
        return pods(namespace, function).stream()
                .map(pod -> new Stream(stream(pod), created(pod)))
                .toList();
    }

    @Override
    public Lines read(String namespace, String function, Instant since) {
        List<LogLine> lines = new ArrayList<>();
        @Nullable String complete = null;
        for (Pod pod : pods(namespace, function)) {
            for (Container container : pod.getSpec().getContainers()) {
                Part part = read(pod, container.getName(), since);
                lines.addAll(part.lines());
                if (part.isCut() && !part.lines().isEmpty()) {
                    String last = part.lines().getLast().id();
                    complete = complete == null || last.compareTo(complete) < 0 ? last : complete;
                }
            }
        }
        lines.sort(Comparator.comparing(LogLine::id));
        if (complete == null) {
            return new Lines(lines, true);
        }
        String until = complete;
        return new Lines(
                lines.stream().filter(it -> it.id().compareTo(until) <= 0).toList(), false);
    }

    private record Part(List<LogLine> lines, boolean isCut) {}

    private Part read(Pod pod, String container, Instant since) {
        try {
            String text = client.pods()
                    .inNamespace(pod.getMetadata().getNamespace())
                    .withName(pod.getMetadata().getName())
                    .inContainer(container)
                    .usingTimestamps()
                    .limitBytes(BYTES_OF_A_CONTAINER)
                    .sinceTime(since.truncatedTo(ChronoUnit.SECONDS).toString())
                    .getLog();
            return parse(pod, container, text == null ? "" : text);
        } catch (KubernetesClientException e) {
            // Pods that have not started have no log, and those that go away have none any more.
            LOG.debug("Pod {} shows no log", pod.getMetadata().getName(), e);
            return new Part(List.of(), false);
        }
    }

    private static Part parse(Pod pod, String container, String text) {
        boolean isCut = text.getBytes(StandardCharsets.UTF_8).length >= BYTES_OF_A_CONTAINER;
        String stream = stream(pod);
        String printer = pod.getMetadata().getUid() + "/" + container;
        List<LogLine> lines = new ArrayList<>();
        Instant before = Instant.MIN;
        int ordinal = 0;
        for (String line : text.lines().toList()) {
            int space = line.indexOf(' ');
            Instant time = time(space < 0 ? line : line.substring(0, space));
            if (time == null) {
                continue;
            }
            ordinal = time.equals(before) ? ordinal + 1 : 0;
            before = time;
            String message = space < 0 ? "" : line.substring(space + 1);
            lines.add(new LogLine(stream, time.toEpochMilli(), LogIds.of(time, printer, ordinal), message));
        }
        if (isCut && lines.size() > 1) {
            lines.removeLast(); // it was cut too
        }
        return new Part(lines, isCut);
    }

    private static @Nullable Instant time(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            return null;
        }
    }

    private List<Pod> pods(String namespace, String function) {
        return client.pods().inNamespace(namespace).withLabel(Labels.FUNCTION, function).list().getItems().stream()
                .sorted(Comparator.comparing(PodLogs::created).reversed())
                .limit(PODS)
                .toList();
    }

    private static Instant created(Pod pod) {
        return Instant.parse(pod.getMetadata().getCreationTimestamp());
    }

    /** As the instance names it for its handler. */
    private static String stream(Pod pod) {
        String label = pod.getMetadata().getLabels().getOrDefault(Labels.VERSION, Labels.LATEST);
        String version = label.equals(Labels.LATEST) ? "$LATEST" : label;
        String day =
                LocalDate.ofInstant(created(pod), ZoneOffset.UTC).toString().replace('-', '/');
        return day + "/[" + version + "]" + pod.getMetadata().getName();
    }
}
