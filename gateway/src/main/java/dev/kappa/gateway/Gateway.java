package dev.kappa.gateway;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kappa.api.v1alpha1.ApiTypes;
import dev.kappa.gateway.GatewaySettings.AsyncLimits;
import dev.kappa.gateway.async.AsyncEvents;
import dev.kappa.gateway.async.Drains;
import dev.kappa.gateway.catalog.Catalog;
import dev.kappa.gateway.cluster.Cluster;
import dev.kappa.gateway.cluster.KnownPods;
import dev.kappa.gateway.cluster.NamedPackages;
import dev.kappa.gateway.demand.DemandReporter;
import dev.kappa.gateway.dispatch.Dispatcher;
import dev.kappa.gateway.dispatch.Limits;
import dev.kappa.gateway.dispatch.Listeners;
import dev.kappa.gateway.forward.InternalApi;
import dev.kappa.gateway.forward.PeerClient;
import dev.kappa.gateway.forward.RoleCredentials;
import dev.kappa.gateway.forward.Router;
import dev.kappa.gateway.invoke.InvokeApi;
import dev.kappa.gateway.invoke.SourceCalls;
import dev.kappa.gateway.metrics.Meters;
import dev.kappa.gateway.packages.PackageCollector;
import dev.kappa.gateway.packages.PackageDownloads;
import dev.kappa.gateway.peers.Peer;
import dev.kappa.gateway.peers.Ring;
import dev.kappa.gateway.policy.PolicyAuthorizer;
import dev.kappa.gateway.proxy.ControlPlaneProxy;
import dev.kappa.gateway.shim.ShimClient;
import dev.kappa.gateway.url.UrlPort;
import dev.kappa.http.AuditLog;
import dev.kappa.http.CallWatch;
import dev.kappa.http.CallerRates;
import dev.kappa.http.ConnectionLimit;
import dev.kappa.http.ExchangeClient;
import dev.kappa.http.HealthApi;
import dev.kappa.http.HttpPorts;
import dev.kappa.http.Leaving;
import dev.kappa.http.LoopClient;
import dev.kappa.http.Pipeline;
import dev.kappa.http.PlatformCalls;
import dev.kappa.http.PublicPort;
import dev.kappa.http.Route;
import dev.kappa.http.TlsFiles;
import dev.kappa.http.TrustedProxies;
import dev.kappa.identity.AccessAuthorizer;
import dev.kappa.identity.AccessKeys;
import dev.kappa.identity.Authenticator;
import dev.kappa.identity.Authorizer;
import dev.kappa.identity.CallerAuthenticator;
import dev.kappa.identity.InstanceTokens;
import dev.kappa.identity.PlatformAuthenticator;
import dev.kappa.identity.SessionKeyFiles;
import dev.kappa.identity.SessionTokens;
import dev.kappa.identity.cluster.AccessKeyWatch;
import dev.kappa.identity.cluster.KubernetesReviews;
import dev.kappa.jetstream.JetStreamDeadLetters;
import dev.kappa.jetstream.JetStreamOutcomeStore;
import dev.kappa.jetstream.JetStreamQueue;
import dev.kappa.jetstream.JetStreamSubjects;
import dev.kappa.jetstream.NatsLink;
import dev.kappa.jetstream.NatsPackageStore;
import dev.kappa.lambda.Accounts;
import dev.kappa.settings.Environment;
import dev.kappa.settings.IdleHeap;
import dev.kappa.wire.PlatformTokens;
import dev.kappa.wire.Wire;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The gateway's process: wires the parts and leaves in good order. */
public final class Gateway {
    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
    private static final int PUBLIC_PORT = 8080;
    private static final int TLS_PORT = 8443;
    private static final int HEALTH_PORT = 8082;
    private static final int URL_PORT = 8083;
    private static final int URL_TLS_PORT = 8444;
    private static final long WAIT_MS = 60_000;
    private static final long LOST_AFTER_MS = 5_000;
    private static final long SILENT_MS = 3_600_000;
    private static final int IDLE_HEAP_MIB = 32;

    private static final Duration LEAVE_LIMIT = Duration.ofSeconds(60);

    private Gateway() {}

    /**
     * Starts the process.
     *
     * @param args none
     */
    public static void main(String[] args) {
        try {
            run(GatewaySettings.from(new Environment("kappa-gateway", System.getenv())));
        } catch (IllegalArgumentException e) {
            LOG.error("The gateway cannot start: {}", e.getMessage());
            System.exit(2);
        }
    }

    private static void run(GatewaySettings settings) {
        Vertx vertx = HttpPorts.vertx();
        InstanceTokens tokens = new InstanceTokens(settings.secret());
        PlatformTokens platform = settings.platform();
        Catalog catalog = new Catalog();
        Accounts accounts = new Accounts(settings.region(), settings.defaultNamespace());
        Ring ring = new Ring(new Peer(settings.podName(), settings.podIp()));
        KnownPods pods = new KnownPods();
        Listeners listeners = new Listeners();
        Limits limits = new Limits(
                settings.queueLimit(),
                WAIT_MS,
                Runtime.getRuntime().maxMemory() / 2,
                LOST_AFTER_MS,
                settings.edge().functionRate());
        LoopClient calls = LoopClient.ofPlatform(vertx);
        ExchangeClient exchanges = new ExchangeClient(vertx);
        Dispatcher dispatcher = new Dispatcher(
                limits,
                new ShimClient(vertx, calls, exchanges, tokens),
                new CatalogView(catalog, pods, ring),
                listeners,
                System::currentTimeMillis);
        catalog.onGone(dispatcher::releaseBackground);
        DemandReporter reporter =
                new DemandReporter(vertx, calls, settings.podName(), dispatcher, platform, Wire.OPERATOR_DEMAND_PORT);
        Meters meters = new Meters(System::currentTimeMillis);
        listeners.add(reporter);
        listeners.add(meters);
        KubernetesClient client = kubernetes();
        Cluster cluster =
                new Cluster(client, settings.namespace(), catalog, accounts, ring, dispatcher, reporter, pods);
        PeerClient peers = new PeerClient(calls, exchanges, platform, Wire.GATEWAY_INTERNAL_PORT);
        NatsLink nats = new NatsLink(settings.nats());
        NatsPackageStore store = new NatsPackageStore(nats);
        PackageCollector collector =
                new PackageCollector(store, new NamedPackages(client), ring, settings.packageGrace());
        PackageDownloads packages = new PackageDownloads(store, tokens, platform, catalog);
        TrustedProxies proxies = new TrustedProxies(settings.edge().trustedProxies());
        ControlPlaneProxy controlPlane = new ControlPlaneProxy(calls, settings.controlPlane(), proxies, platform);
        AuditLog audit = new AuditLog("gateway", settings.audit(), new FileOutputStream(FileDescriptor.out)).start();
        AsyncEvents async = AsyncEvents.assemble(
                vertx,
                stores(nats, settings.async()),
                options(settings),
                dispatcher,
                catalog,
                accounts,
                ring,
                meters.registry(),
                () -> cluster.notSynced().isEmpty());
        Router router = new Router(vertx, ring, dispatcher, peers, WAIT_MS);
        SourceCalls sources = new SourceCalls(settings.namespace());
        InvokeApi invoke =
                new InvokeApi(InvokeApi.Operation.INVOKE, vertx, catalog, accounts, router, async.invoker(), sources);
        InvokeApi stream = new InvokeApi(
                InvokeApi.Operation.INVOKE_WITH_RESPONSE_STREAM,
                vertx,
                catalog,
                accounts,
                router,
                async.invoker(),
                sources);
        AccessKeys keys = new AccessKeys();
        AccessKeyWatch keyWatch = new AccessKeyWatch(client, settings.accessKeyNamespaces(), keys);
        KubernetesReviews reviews = new KubernetesReviews(client);
        SessionTokens sessions =
                new SessionTokens(new SessionKeyFiles(settings.sessionKeys(), Clock.systemUTC()), Clock.systemUTC());
        InternalApi internal = new InternalApi(
                vertx,
                ring,
                dispatcher,
                peers,
                tokens,
                platform,
                packages,
                new RoleCredentials(tokens, pods::find, sessions, accounts),
                OptionalInt.of(Wire.SHIM_PORT));
        Authenticator authenticator =
                new CallerAuthenticator(keys, sessions, reviews, settings.region(), "lambda", Clock.systemUTC());
        Authorizer rbac = new AccessAuthorizer(reviews, accounts, Clock.systemUTC());
        Authorizer authorizer = new PolicyAuthorizer(rbac, catalog, accounts);
        IdleHeap heap = IdleHeap.ofThisProcess(dispatcher::events, IDLE_HEAP_MIB);
        Leaving leaving = new Leaving("the gateway", LEAVE_LIMIT);
        HealthApi health = new HealthApi(() -> missing(cluster, keyWatch, leaving), () -> meters.scrape(dispatcher));
        CallWatch watch =
                new CallWatch(audit, proxies, new CallerRates(settings.edge().callerRate(), System::nanoTime));
        UnaryOperator<Pipeline> watched = pipeline -> pipeline.watched(watch);
        Pipeline open = watched.apply(new Pipeline(
                authenticator, authorizer, List.of(invoke, stream, async.api()), controlPlane, leaving::begun));
        UrlPort urls = UrlPort.assemble(
                vertx,
                catalog,
                accounts,
                router,
                proxies,
                settings.urls().addresses(),
                authenticator,
                rbac,
                watched,
                leaving::begun);
        ConnectionLimit connections = new ConnectionLimit(settings.edge().connections(), proxies);
        Future.all(
                        HttpPorts.listen(vertx, new PublicPort(PUBLIC_PORT, connections, null), HttpPorts.LOOPS, open),
                        listenWithTls(vertx, TLS_PORT, settings.edge().tls(), connections, open),
                        HttpPorts.listen(vertx, new PublicPort(URL_PORT, connections, null), HttpPorts.LOOPS, urls),
                        listenWithTls(vertx, URL_TLS_PORT, settings.urls().tls(), connections, urls),
                        HttpPorts.listen(
                                vertx,
                                Wire.GATEWAY_INTERNAL_PORT,
                                HttpPorts.LOOPS,
                                platformApi(platform, invoke, internal)),
                        HttpPorts.listen(vertx, HEALTH_PORT, 1, health))
                .onSuccess(v -> {
                    vertx.setPeriodic(100, id -> dispatcher.tick());
                    vertx.setPeriodic(1000, id -> reporter.heartbeat());
                    vertx.setPeriodic(10_000, id -> cluster.sweep());
                    vertx.setPeriodic(60_000, id -> meters.forget(SILENT_MS));
                    every(Duration.ofSeconds(1), async.drains()::look);
                    every(Duration.ofSeconds(2), async.drains()::measure);
                    every(Duration.ofSeconds(10), async.drains()::mark);
                    every(Duration.ofSeconds(10), heap::look);
                    every(Duration.ofMinutes(1), async.drains()::sweep);
                    every(settings.packageGrace().dividedBy(24), collector::look);
                    LOG.info(
                            "Listening on {}, {}, {} and {}",
                            PUBLIC_PORT,
                            Wire.GATEWAY_INTERNAL_PORT,
                            HEALTH_PORT,
                            URL_PORT);
                })
                .onFailure(e -> {
                    LOG.error("The gateway cannot listen", e);
                    System.exit(1);
                });
        reporter.queues(async.drains()::states);
        cluster.start();
        keyWatch.start();
        nats.start();
        leaving.onShutdown(
                () -> giveAway(async.drains(), dispatcher),
                () -> dispatcher.admitted() + router.inHand() + audit.waiting());
    }

    private static Future<?> listenWithTls(
            Vertx vertx,
            int port,
            @Nullable Path folder,
            ConnectionLimit connections,
            Handler<HttpServerRequest> handler) {
        return folder == null
                ? Future.succeededFuture()
                : HttpPorts.listen(
                        vertx, new PublicPort(port, connections, new TlsFiles(folder)), HttpPorts.LOOPS, handler);
    }

    /** The operator invokes hooks of rollouts with the platform's token; what else comes proves itself to the internal API. */
    static Handler<HttpServerRequest> platformApi(
            PlatformTokens platform, Route invoke, Handler<HttpServerRequest> internal) {
        return PlatformCalls.answering(
                platform,
                new Pipeline(
                        new PlatformAuthenticator(platform),
                        (caller, permission) -> CompletableFuture.completedFuture(permission),
                        List.of(invoke),
                        internal,
                        () -> false));
    }

    private static AsyncEvents.Stores stores(NatsLink nats, AsyncLimits settings) {
        return new AsyncEvents.Stores(
                new JetStreamQueue(nats, settings.queues()),
                new JetStreamOutcomeStore(nats, settings.outcomeBytes(), settings.outcomeRetention()),
                new JetStreamDeadLetters(nats, settings.deadLetterBytes(), settings.deadLetterRetention()),
                new JetStreamSubjects(nats));
    }

    private static AsyncEvents.Options options(GatewaySettings settings) {
        return new AsyncEvents.Options(
                settings.async().firstRetry(),
                settings.async().destinationLimit(),
                settings.async().privateHosts(),
                settings.secret(),
                Runtime.getRuntime().maxMemory() / 8);
    }

    /** On a thread of its own, since it may block. */
    private static void every(Duration pause, Runnable work) {
        Thread.ofVirtual().start(() -> {
            while (true) {
                try {
                    Thread.sleep(pause);
                    work.run();
                } catch (InterruptedException e) {
                    return;
                } catch (RuntimeException e) {
                    LOG.error("Something periodic failed", e);
                }
            }
        });
    }

    private static List<String> missing(Cluster cluster, AccessKeyWatch keys, Leaving leaving) {
        List<String> missing = new ArrayList<>(cluster.notSynced());
        missing.addAll(keys.missing());
        missing.addAll(leaving.missing());
        return missing;
    }

    /** The others take over the events that nobody waits for here. */
    private static void giveAway(Drains drains, Dispatcher dispatcher) {
        drains.stop();
        dispatcher.releaseBackground();
    }

    private static KubernetesClient kubernetes() {
        KubernetesSerialization types = new KubernetesSerialization(new ObjectMapper(), false);
        ApiTypes.READ.forEach(types::registerKubernetesResource);
        return new KubernetesClientBuilder().withKubernetesSerialization(types).build();
    }
}
