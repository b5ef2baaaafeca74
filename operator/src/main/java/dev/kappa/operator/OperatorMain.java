package dev.kappa.operator;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kappa.api.v1alpha1.ApiTypes;
import dev.kappa.lambda.Accounts;
import dev.kappa.lambda.VersionKey;
import dev.kappa.operator.alias.AliasReconciler;
import dev.kappa.operator.autoscaler.Autoscaler;
import dev.kappa.operator.autoscaler.Policy;
import dev.kappa.operator.autoscaler.Proofs;
import dev.kappa.operator.code.ClusterSecrets;
import dev.kappa.operator.code.CodeSource;
import dev.kappa.operator.code.PackageClient;
import dev.kappa.operator.code.PackageStoreWatch;
import dev.kappa.operator.environment.EnvironmentWatch;
import dev.kappa.operator.environment.MetadataOnly;
import dev.kappa.operator.function.AsyncQueues;
import dev.kappa.operator.function.FunctionReconciler;
import dev.kappa.operator.http.DemandServer;
import dev.kappa.operator.http.HealthServer;
import dev.kappa.operator.http.PlatformClient;
import dev.kappa.operator.network.NetworkPolicies;
import dev.kappa.operator.promotion.Alarms;
import dev.kappa.operator.promotion.HookCalls;
import dev.kappa.operator.promotion.PrometheusQueries;
import dev.kappa.operator.promotion.Rollouts;
import dev.kappa.operator.rollout.OutcomeLedger;
import dev.kappa.operator.scaling.ScalingDriver;
import dev.kappa.operator.scaling.Workloads;
import dev.kappa.operator.sources.SourceProcesses;
import dev.kappa.operator.status.Events;
import dev.kappa.operator.status.StatusUpdate;
import dev.kappa.operator.version.Snapshots;
import dev.kappa.operator.version.VersionPublisher;
import dev.kappa.operator.version.VersionReconciler;
import dev.kappa.operator.workload.Deployments;
import dev.kappa.operator.workload.DesiredDeployment;
import dev.kappa.operator.workload.LeanStore;
import dev.kappa.operator.workload.LostInstances;
import dev.kappa.operator.workload.Platform;
import dev.kappa.operator.workload.PodRetry;
import dev.kappa.operator.workload.ScaleWriter;
import dev.kappa.operator.workload.Sizing;
import dev.kappa.operator.workload.WorkloadRunner;
import dev.kappa.settings.Environment;
import dev.kappa.settings.IdleHeap;
import dev.kappa.wire.Wire;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The operator's process: wires the parts. */
public final class OperatorMain {
    private static final Logger LOG = LoggerFactory.getLogger(OperatorMain.class);
    private static final Duration DRIFT_CHECK = Duration.ofHours(1);
    private static final int SWEEPS_FOR_ALL = 60;
    private static final Duration FINISHING = Duration.ofSeconds(2);
    private static final long SWEEP_S = 60;
    private static final long HEAP_LOOK_S = 10;
    private static final int IDLE_HEAP_MIB = 16;
    private static final long LOOK_S = 1;
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(2);

    private final OperatorSettings settings;
    private final Clock clock = Clock.systemUTC();
    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Leadership leadership;
    private final KubernetesClient client = kubernetes().build();
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_LIMIT)
            .build();
    private final Proofs proofs = new Proofs();
    private final Autoscaler autoscaler = new Autoscaler(Policy.DEFAULT, proofs);
    private final Workloads workloads = new Workloads(client);
    private final OutcomeLedger outcomes = new OutcomeLedger();
    private final AsyncQueues queues = new AsyncQueues();
    private final Deployments deployments = new Deployments(client, new ScaleWriter(client));
    private final NetworkPolicies policies;
    private final EnvironmentWatch environment;
    private final StatusUpdate update;
    private final ScheduledExecutorService sweeper = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("sweeper").daemon().factory());
    private final FunctionReconciler functions;
    private final VersionReconciler versions;
    private final AliasReconciler aliases;
    private final PackageStoreWatch packages;
    private final AtomicLong demands = new AtomicLong();
    private final SourceProcesses sources;
    private long sweeps;

    private OperatorMain(OperatorSettings settings) {
        this.settings = settings;
        PlatformClient platform = new PlatformClient(http, settings.platform());
        leadership = new Leadership(client, settings.namespace(), settings.podName());
        CodeSource code = new CodeSource(
                new PackageClient(platform, settings.gatewayUrl(), settings.storeUrl()),
                settings.privateCodeHosts(),
                settings.s3(),
                new ClusterSecrets(client));
        packages = new PackageStoreWatch(code, settings.namespace(), leadership::leads, packagesChanged());
        sources =
                new SourceProcesses(client, new ScaleWriter(client), settings.namespace(), settings.sourcesReplicas());
        policies = new NetworkPolicies(client, settings.network(), clock);
        KubernetesClient metadata = kubernetes()
                .withHttpClientBuilderConsumer(
                        http -> http.addOrReplaceInterceptor(MetadataOnly.NAME, new MetadataOnly()))
                .build();
        environment = new EnvironmentWatch(client, metadata, settings.followSecrets(), settings.secret());
        Events events = new Events(client, settings.podName());
        update = new StatusUpdate(events, clock);
        WorkloadRunner runner = runner(new LostInstances(events, proofs, clock));
        VersionPublisher publishing = new VersionPublisher(client);
        functions = new FunctionReconciler(code, runner, publishing, queues, update, settings.urls(), clock);
        versions = new VersionReconciler(code, new Snapshots(client), publishing, runner, update, clock);
        HookCalls hooks = new HookCalls(platform, settings.gatewayUrl(), clock);
        Alarms alarms = new Alarms(outcomes, new PrometheusQueries(http, settings.prometheusUrl(), clock));
        aliases = new AliasReconciler(
                new Rollouts(autoscaler, workloads, alarms, hooks, clock), update, settings.urls(), clock);
    }

    /**
     * Starts the process.
     *
     * @param args none
     */
    public static void main(String[] args) {
        // A demand report waits for no delayed acknowledgement.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        // See GuardedHttp.
        System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host");
        try {
            new OperatorMain(OperatorSettings.from(new Environment("kappa-operator", System.getenv()))).run();
        } catch (IllegalArgumentException e) {
            LOG.error("The operator cannot start: {}", e.getMessage());
            System.exit(2);
        } catch (IOException e) {
            LOG.error("The operator cannot listen", e);
            System.exit(1);
        }
    }

    private WorkloadRunner runner(LostInstances lost) {
        Platform platform = new Platform(
                settings.runtimes(),
                settings.runtimeNames(),
                new Sizing(settings.cpuOvercommit()),
                settings.gatewayUrl(),
                settings.endpointUrl(),
                settings.region(),
                new Accounts(settings.region(), settings.defaultNamespace()),
                settings.secret());
        return new WorkloadRunner(
                new DesiredDeployment(platform),
                deployments,
                policies,
                environment.values(),
                autoscaler,
                proofs,
                workloads::deployment,
                workloads::pods,
                lost,
                new PodRetry(client),
                clock);
    }

    private void run() throws IOException {
        new JvmMemoryMetrics().bindTo(meters);
        Gauge.builder("kappa.operator.leader", leadership, it -> it.leads() ? 1 : 0)
                .register(meters);
        ScalingDriver scaling = new ScalingDriver(
                autoscaler, workloads, client, meters, leadership::leads, this::instancesChanged, clock);
        Operator operator = new Operator(overrider -> overrider
                .withKubernetesClient(client)
                .withLeaderElectionConfiguration(leadership.configuration())
                .withReconciliationTerminationTimeout(FINISHING)
                .withCloseClientOnStop(false));
        KubernetesSerialization json = client.getKubernetesSerialization();
        register(operator, functions, LeanStore.ofFunctions(json), null);
        register(operator, versions, LeanStore.ofVersions(json), null);
        register(operator, aliases, LeanStore.withoutManagedFields(), DRIFT_CHECK);
        new HealthServer(HealthServer.PORT, meters, this::broken, this::missing).start();
        new DemandServer(Wire.OPERATOR_DEMAND_PORT, settings.platform(), report -> {
                    outcomes.observe(report, clock.instant());
                    queues.observe(report, clock.instant());
                    demands.addAndGet(report.full() ? 0 : report.versions().size());
                    return scaling.report(report);
                })
                .start();
        queues.onChanged(this::instancesChanged);
        workloads.start(autoscaler::replicasChanged, autoscaler::remove, this::instancesChanged);
        scaling.start();
        environment.start(this::instancesChanged);
        packages.start();
        sources.start();
        var _ = sweeper.scheduleWithFixedDelay(this::lookAtSources, LOOK_S, LOOK_S, TimeUnit.SECONDS);
        var _ = sweeper.scheduleWithFixedDelay(this::sweep, SWEEP_S, SWEEP_S, TimeUnit.SECONDS);
        IdleHeap heap = IdleHeap.ofThisProcess(demands::get, IDLE_HEAP_MIB);
        var _ = sweeper.scheduleWithFixedDelay(heap::look, HEAP_LOOK_S, HEAP_LOOK_S, TimeUnit.SECONDS);
        leadership.handOverOnExit(operator);
        operator.start();
    }

    private static <T extends HasMetadata> void register(
            Operator operator, Reconciler<T> reconciler, LeanStore<T> store, @Nullable Duration again) {
        operator.register(
                reconciler,
                overrider -> overrider
                        .withItemStore(store)
                        .withInformerListLimit(LeanStore.PAGE)
                        .withReconciliationMaxInterval(again)
                        .withRetry(new GenericRetry()
                                .setInitialInterval(200)
                                .setIntervalMultiplier(2)
                                .setMaxInterval(30_000)
                                .withoutMaxAttempts()));
    }

    private void instancesChanged(VersionKey id) {
        if (id.isLatest()) {
            functions.instancesChanged(id);
        } else {
            versions.instancesChanged(id);
        }
    }

    private PackageStoreWatch.Listener packagesChanged() {
        return new PackageStoreWatch.Listener() {
            @Override
            public void emptied() {
                functions.packagesLost();
                versions.packagesLost();
            }

            @Override
            public void back() {
                functions.packageStoreIsBack();
                versions.packageStoreIsBack();
            }
        };
    }

    private void lookAtSources() {
        try {
            if (leadership.leads()) {
                sources.look();
            }
        } catch (RuntimeException e) {
            LOG.error("The processes of event sources are not scaled; it is tried again", e);
        }
    }

    /** Nothing may be kept of what was deleted, also not what was told of it afterwards. */
    private void sweep() {
        try {
            sweeps++;
            if (workloads.isSynced()) {
                autoscaler.retain(workloads::exists);
                queues.retain(workloads::exists);
                environment.values().retain(workloads::exists);
                deployments.retain(workloads.names()::contains);
                workloads.retain();
                update.retain();
                if (leadership.leads()) {
                    policies.retain(workloads.namespaces()::contains);
                    functions.checkShare(sweeps, SWEEPS_FOR_ALL);
                    versions.checkShare(sweeps, SWEEPS_FOR_ALL);
                }
            }
        } catch (RuntimeException e) {
            LOG.error("What was deleted is not forgotten; it is tried again", e);
        }
    }

    private List<String> broken() {
        return workloads.isWatching() ? List.of() : List.of("a watch of Deployments or pods ended");
    }

    private List<String> missing() {
        return workloads.isSynced() ? broken() : List.of("Deployments and pods are not listed yet");
    }

    private static KubernetesClientBuilder kubernetes() {
        KubernetesSerialization types = new KubernetesSerialization(new ObjectMapper(), false);
        ApiTypes.READ.forEach(types::registerKubernetesResource);
        return new KubernetesClientBuilder().withKubernetesSerialization(types);
    }
}
