package dev.kappa.sources.cluster;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kappa.api.v1alpha1.ApiGroup;
import dev.kappa.api.v1alpha1.ConditionTypes;
import dev.kappa.api.v1alpha1.EventSource;
import dev.kappa.api.v1alpha1.EventSourceStatus;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the status of sources, one after the other; of what is told meanwhile of a source, the last counts. */
public final class Statuses {
    private static final Logger LOG = LoggerFactory.getLogger(Statuses.class);
    private static final ObjectMapper JSON =
            new ObjectMapper().setDefaultPropertyInclusion(JsonInclude.Include.NON_NULL);
    private static final PatchContext APPLY = new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager("kappa-sources")
            .withForce(true)
            .build();
    /** What 10,000 sources have to say must not be too much for the API server. */
    private static final long PAUSE_MS = 20;

    private static final long AGAIN_MS = 1000;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;

    private final KubernetesClient client;
    private final String owner;
    private final Map<String, Told> waiting = new LinkedHashMap<>();

    private record Told(EventSource source, Report report, Instant at) {}

    /**
     * Writes nothing yet.
     *
     * @param client the API server
     * @param owner name of this pod
     */
    public Statuses(KubernetesClient client, String owner) {
        this.client = client;
        this.owner = owner;
    }

    /** Begins to write. */
    public void start() {
        Thread.ofVirtual().name("statuses").start(this::run);
    }

    /**
     * Tells of a source; returns at once.
     *
     * @param source as it was read
     * @param report of it
     */
    public void tell(EventSource source, Report report) {
        synchronized (waiting) {
            waiting.put(source.getMetadata().getUid(), new Told(source, report, Instant.now()));
            waiting.notifyAll();
        }
    }

    private void run() {
        try {
            while (true) {
                Told next = take();
                try {
                    write(next);
                    Thread.sleep(PAUSE_MS);
                } catch (KubernetesClientException | JsonProcessingException e) {
                    again(next, e);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Told take() throws InterruptedException {
        synchronized (waiting) {
            while (waiting.isEmpty()) {
                waiting.wait();
            }
            Iterator<Told> first = waiting.values().iterator();
            Told told = first.next();
            first.remove();
            return told;
        }
    }

    private void again(Told told, Exception e) throws InterruptedException {
        boolean gone = e instanceof KubernetesClientException answer
                && (answer.getCode() == NOT_FOUND || answer.getCode() == CONFLICT);
        if (gone) {
            return;
        }
        LOG.warn("The status of EventSource {} is not written yet: {}", name(told.source()), e.getMessage());
        synchronized (waiting) {
            waiting.putIfAbsent(told.source().getMetadata().getUid(), told);
        }
        Thread.sleep(AGAIN_MS);
    }

    private static String name(EventSource source) {
        return source.getMetadata().getNamespace() + "/" + source.getMetadata().getName();
    }

    private void write(Told told) throws JsonProcessingException {
        EventSource source = told.source();
        ObjectNode resource = JSON.createObjectNode();
        resource.put("apiVersion", ApiGroup.API_VERSION).put("kind", "EventSource");
        resource.putObject("metadata")
                .put("namespace", source.getMetadata().getNamespace())
                .put("name", source.getMetadata().getName())
                // One that was made again since is another's.
                .put("uid", source.getMetadata().getUid());
        resource.set("status", JSON.valueToTree(status(told)));
        client.resources(EventSource.class)
                .inNamespace(source.getMetadata().getNamespace())
                .withName(source.getMetadata().getName())
                .subresource("status")
                .patch(APPLY, JSON.writeValueAsString(resource));
    }

    private EventSourceStatus status(Told told) {
        Report report = told.report();
        EventSourceStatus status = new EventSourceStatus();
        status.observedGeneration = told.source().getMetadata().getGeneration();
        status.source = report.kind();
        status.state = report.enabled() ? "Enabled" : "Disabled";
        status.owner = owner;
        report.progress().eventAt().ifPresent(it -> status.lastEventTime = text(it));
        report.progress().lastTick().ifPresent(it -> status.lastTick = text(it));
        report.progress().nextTick().ifPresent(it -> status.nextTick = text(it));
        report.progress().result().ifPresent(it -> status.lastResult = it);
        report.progress().lag().ifPresent(it -> status.lag = it);
        status.conditions = List.of(condition(told));
        return status;
    }

    private static Condition condition(Told told) {
        String state = told.report().ready() ? "True" : "False";
        EventSourceStatus before = told.source().getStatus();
        String since = ConditionTypes.find(before == null ? null : before.conditions, ConditionTypes.READY)
                .filter(it -> state.equals(it.getStatus()))
                .map(Condition::getLastTransitionTime)
                .orElseGet(() -> told.at().truncatedTo(ChronoUnit.SECONDS).toString());
        return new ConditionBuilder()
                .withType(ConditionTypes.READY)
                .withStatus(state)
                .withReason(told.report().reason())
                .withMessage(told.report().message())
                .withObservedGeneration(told.source().getMetadata().getGeneration())
                .withLastTransitionTime(since)
                .build();
    }

    private static String text(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
