package dev.kappa.operator.scaling;

import dev.kappa.lambda.VersionKey;
import dev.kappa.operator.autoscaler.Autoscaler;
import dev.kappa.operator.autoscaler.Change;
import dev.kappa.operator.workload.ScaleWriter;
import dev.kappa.operator.workload.VersionName;
import dev.kappa.wire.DemandAnswer;
import dev.kappa.wire.DemandAnswer.Decision;
import dev.kappa.wire.DemandReport;
import dev.kappa.wire.DemandReport.LostInstance;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes what the autoscaler decides: at once on a demand report, and once a second for what time alone changes. */
public final class ScalingDriver {
    private static final Logger LOG = LoggerFactory.getLogger(ScalingDriver.class);
    private static final long TICK_MS = 1000;
    private static final long RETRY_MS = 100;

    private final Autoscaler autoscaler;
    private final Workloads workloads;
    private final KubernetesClient client;
    private final ScaleWriter writer;
    private final DeletionCosts costs;
    private final MeterRegistry meters;
    private final BooleanSupplier leads;
    private final Consumer<VersionKey> proven;
    private final Clock clock;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final DecisionWrites writes = new DecisionWrites(threads, this::write, this::again);
    private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("autoscaler").factory());

    /**
     * Not ticking yet.
     *
     * @param autoscaler decides
     * @param workloads knows what there is
     * @param client the API server
     * @param meters counts decisions
     * @param leads whether this replica is the one that writes
     * @param proven hears of versions with an instance that said hello
     * @param clock the time
     */
    public ScalingDriver(
            Autoscaler autoscaler,
            Workloads workloads,
            KubernetesClient client,
            MeterRegistry meters,
            BooleanSupplier leads,
            Consumer<VersionKey> proven,
            Clock clock) {
        this.autoscaler = autoscaler;
        this.workloads = workloads;
        this.client = client;
        this.writer = new ScaleWriter(client);
        this.costs = new DeletionCosts(client, workloads);
        this.meters = meters;
        this.leads = leads;
        this.proven = proven;
        this.clock = clock;
    }

    /** Begins to tick. */
    public void start() {
        var _ = ticker.scheduleWithFixedDelay(this::tick, TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
    }

    /**
     * Takes a report and decides; the decisions are written after the answer.
     *
     * @param report of a gateway
     * @return what was decided
     */
    public DemandAnswer report(DemandReport report) {
        Instant now = clock.instant();
        Set<VersionKey> touched = autoscaler.observe(report, now);
        report.hellos()
                .forEach(hello -> proven.accept(new VersionKey(hello.namespace(), hello.function(), hello.version())));
        if (!leads.getAsBoolean()) {
            return new DemandAnswer(false, List.of());
        }
        report.lost().forEach(lost -> threads.execute(() -> replace(lost)));
        List<Change> changes = autoscaler.decide(touched, workloads, now);
        writes.submit(changes);
        return new DemandAnswer(
                true, changes.stream().map(ScalingDriver::decision).toList());
    }

    private void tick() {
        try {
            if (leads.getAsBoolean() && workloads.isSynced()) {
                writes.submit(autoscaler.decideAll(workloads, clock.instant()));
            }
        } catch (RuntimeException e) {
            LOG.error("The autoscaler's tick failed; it goes on with the next", e);
        }
    }

    private void again(VersionKey id) {
        if (leads.getAsBoolean()) {
            writes.submit(autoscaler.decide(Set.of(id), workloads, clock.instant()));
        }
    }

    private static Decision decision(Change change) {
        VersionKey id = change.id();
        return new Decision(id.namespace(), id.function(), id.version(), change.to(), change.reason());
    }

    private void write(Change change) {
        VersionKey id = change.id();
        try {
            if (change.to() < change.from()) {
                costs.mark(change);
            }
            String version = writer.write(
                    id.namespace(),
                    VersionName.deployment(id),
                    change.to(),
                    workloads.resourceVersion(id).orElse(null));
            workloads.wrote(id, change.to(), version);
            LOG.info("{} from {} to {} instances: {}", id, change.from(), change.to(), change.reason());
            meters.counter("kappa.autoscaler.changes", "direction", change.to() > change.from() ? "up" : "down")
                    .increment();
        } catch (KubernetesClientException e) {
            // Somebody wrote in between, perhaps another leader: the watch brings it, then decide anew.
            boolean changed =
                    e.getCode() == HttpURLConnection.HTTP_CONFLICT || e.getCode() == HttpURLConnection.HTTP_NOT_FOUND;
            if (changed) {
                var _ = ticker.schedule(() -> again(id), RETRY_MS, TimeUnit.MILLISECONDS);
            } else {
                LOG.warn("{} stays at {} instances: {}", id, change.from(), e.getMessage());
            }
            meters.counter("kappa.autoscaler.failed.writes").increment();
        }
    }

    private void replace(LostInstance lost) {
        workloads
                .pod(lost.namespace(), lost.pod())
                .filter(pod -> VersionName.of(pod).isPresent())
                .ifPresent(pod -> {
                    LOG.warn("Pod {}/{} is replaced: {}", lost.namespace(), lost.pod(), lost.reason());
                    client.resource(pod).withGracePeriod(0).delete();
                });
    }
}
