package dev.kappa.sources;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kappa.api.v1alpha1.ApiTypes;
import dev.kappa.jetstream.NatsKeyStore;
import dev.kappa.jetstream.NatsLink;
import dev.kappa.lambda.Accounts;
import dev.kappa.settings.Environment;
import dev.kappa.sources.cluster.Secrets;
import dev.kappa.sources.cluster.SourceWatch;
import dev.kappa.sources.cluster.Statuses;
import dev.kappa.sources.guard.GuardedHttp;
import dev.kappa.sources.guard.HostGuard;
import dev.kappa.sources.invoke.GatewayClient;
import dev.kappa.sources.kafka.KafkaOpener;
import dev.kappa.sources.lead.Leader;
import dev.kappa.sources.lease.LeaseTimes;
import dev.kappa.sources.nats.NatsOpener;
import dev.kappa.sources.sqs.SqsOpener;
import dev.kappa.sources.ticks.TickMeters;
import dev.kappa.sources.ticks.TickTools;
import dev.kappa.sources.ticks.Ticker;
import dev.kappa.sources.work.BatchMeters;
import dev.kappa.sources.work.Polling;
import dev.kappa.sources.work.SecretReader;
import dev.kappa.stores.keys.KeyStore;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.logging.Level;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The process kappa-sources: wires the parts and leaves in good order. */
public final class SourcesMain {
    private static final Logger LOG = LoggerFactory.getLogger(SourcesMain.class);
    private static final int HEALTH_PORT = 8082;
    private static final String BUCKET = "kappa-sources";
    private static final Duration LEAVE_LIMIT = Duration.ofSeconds(5);
    /** A long poll of a queue takes 20 s; Kubernetes kills after 30. */
    private static final Duration END_LIMIT = Duration.ofSeconds(22);

    private static final long LOOK_MS = 50;

    /** It would tell its whole configuration with each connection. A logger that nobody refers to forgets its level. */
    private static final java.util.logging.Logger KAFKA = java.util.logging.Logger.getLogger("org.apache.kafka");

    private SourcesMain() {}

    /**
     * Starts the process.
     *
     * @param args none
     */
    public static void main(String[] args) {
        // Servers of queues are asked at addresses that were checked.
        System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host");
        KAFKA.setLevel(Level.WARNING);
        try {
            run(SourcesSettings.from(new Environment("kappa-sources", System.getenv())));
        } catch (IllegalArgumentException e) {
            LOG.error("kappa-sources cannot start: {}", e.getMessage());
            System.exit(2);
        } catch (IOException e) {
            LOG.error("kappa-sources cannot listen", e);
            System.exit(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void run(SourcesSettings settings) throws IOException, InterruptedException {
        PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        new JvmMemoryMetrics().bindTo(meters);
        KubernetesClient client = kubernetes();
        NatsLink nats = new NatsLink(settings.nats());
        KeyStore keys = new NatsKeyStore(nats, BUCKET);
        Statuses statuses = new Statuses(client, settings.podName());
        Leader leader = new Leader(keys, settings.podName() + "/" + UUID.randomUUID(), LeaseTimes.DEFAULT);
        GatewayClient gateway = new GatewayClient(settings.gateway(), settings.token());
        ScheduledThreadPoolExecutor timer = timer();
        Accounts accounts = new Accounts(settings.region(), settings.defaultNamespace());
        TickTools ticks = new TickTools(
                keys,
                gateway::accept,
                statuses::tell,
                leader::mayAct,
                InstantSource.system(),
                timer,
                settings.region(),
                accounts::account,
                new TickMeters(meters));
        BatchMeters batches = new BatchMeters(meters);
        HostGuard guard = new HostGuard(settings.privateHosts());
        SecretReader secrets = new Secrets(client)::read;
        SqsOpener queues = new SqsOpener(
                new GuardedHttp(guard),
                secrets,
                gateway::run,
                InstantSource.system(),
                timer,
                settings.region(),
                batches);
        NatsOpener streams = new NatsOpener(
                guard, secrets, keys, gateway::run, gateway::accept, accounts, InstantSource.system(), timer, batches);
        KafkaOpener topics = new KafkaOpener(
                guard, secrets, gateway::run, gateway::accept, accounts, InstantSource.system(), timer, batches);
        Polling polling = new Polling(statuses::tell, InstantSource.system(), timer, batches);
        Sources sources = new Sources(
                keys,
                Map.of(
                        Sources.Kind.SCHEDULE,
                        source -> new Ticker(source, ticks),
                        Sources.Kind.SQS,
                        source -> polling.worker(source, queues, SqsOpener.KIND, SqsOpener::works),
                        Sources.Kind.NATS,
                        source -> polling.worker(source, streams, NatsOpener.KIND, NatsOpener::works),
                        Sources.Kind.KAFKA,
                        source -> polling.worker(source, topics, KafkaOpener.KIND, KafkaOpener::works)));
        Gauge.builder("kappa.sources.leader", leader, it -> it.mayAct() ? 1 : 0)
                .description("Whether this process works on the sources")
                .register(meters);
        SourceWatch watch = new SourceWatch(client, sources::put, sources::remove);
        new HealthServer(HEALTH_PORT, watch::missing, meters::scrape).start();
        nats.start();
        watch.start();
        statuses.start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> leave(sources, leader), "leave"));
        // Who does not know the sources would take them for deleted.
        while (!watch.missing().isEmpty()) {
            Thread.sleep(LOOK_MS);
        }
        leader.start(sources::begin, sources::end);
        LOG.info("kappa-sources runs as {}", settings.podName());
    }

    private static void leave(Sources sources, Leader leader) {
        sources.end();
        try {
            leader.release(LEAVE_LIMIT);
            long until = System.nanoTime() + END_LIMIT.toNanos();
            while (!sources.isOver() && System.nanoTime() < until) {
                Thread.sleep(LOOK_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ScheduledThreadPoolExecutor timer() {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name("timer").daemon().factory());
        timer.setRemoveOnCancelPolicy(true);
        return timer;
    }

    private static KubernetesClient kubernetes() {
        KubernetesSerialization types = new KubernetesSerialization(new ObjectMapper(), false);
        ApiTypes.READ.forEach(types::registerKubernetesResource);
        return new KubernetesClientBuilder().withKubernetesSerialization(types).build();
    }
}
