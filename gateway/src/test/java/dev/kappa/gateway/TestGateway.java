package dev.kappa.gateway;

import dev.kappa.gateway.async.AsyncEvents;
import dev.kappa.gateway.async.MemoryStores;
import dev.kappa.gateway.catalog.Catalog;
import dev.kappa.gateway.cluster.KnownPods;
import dev.kappa.gateway.dispatch.Dispatcher;
import dev.kappa.gateway.dispatch.KnownPod;
import dev.kappa.gateway.dispatch.Limits;
import dev.kappa.gateway.dispatch.Listeners;
import dev.kappa.gateway.forward.InternalApi;
import dev.kappa.gateway.forward.PeerClient;
import dev.kappa.gateway.forward.RoleCredentials;
import dev.kappa.gateway.forward.Router;
import dev.kappa.gateway.invoke.InvokeApi;
import dev.kappa.gateway.invoke.SourceCalls;
import dev.kappa.gateway.packages.MemoryPackageStore;
import dev.kappa.gateway.packages.PackageDownloads;
import dev.kappa.gateway.peers.Peer;
import dev.kappa.gateway.peers.Ring;
import dev.kappa.gateway.shim.ShimClient;
import dev.kappa.gateway.url.UrlPort;
import dev.kappa.http.ExchangeClient;
import dev.kappa.http.HttpPorts;
import dev.kappa.http.LoopClient;
import dev.kappa.http.Pipeline;
import dev.kappa.http.TrustedProxies;
import dev.kappa.identity.Authenticator;
import dev.kappa.identity.Authorizer;
import dev.kappa.identity.Caller;
import dev.kappa.identity.InstanceTokens;
import dev.kappa.identity.Proof.Proven;
import dev.kappa.identity.SessionKeys;
import dev.kappa.identity.SessionTokens;
import dev.kappa.lambda.Accounts;
import dev.kappa.lambda.http.FunctionUrls;
import dev.kappa.wire.PlatformTokens;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A gateway on loopback without Kubernetes and NATS. */
public final class TestGateway {
    /** Name of every caller, unless the gateway knows its callers. */
    public static final String OPEN = "ada";

    public final Catalog catalog = new Catalog();
    public final Accounts accounts = new Accounts("us-east-1", "default");
    public final InstanceTokens tokens = new InstanceTokens("secret");
    public final PlatformTokens platform;
    public final Listeners listeners = new Listeners();
    public final MemoryPackageStore store = new MemoryPackageStore();
    public final MemoryStores events = new MemoryStores();
    public final Map<String, KnownPod> pods = new ConcurrentHashMap<>();
    public final SessionTokens sessions =
            new SessionTokens(() -> new SessionKeys(Map.of(1, SessionKeys.key(new byte[32])), 1), Clock.systemUTC());
    public final Ring ring;
    public final Dispatcher dispatcher;
    public final Peer peer;
    public final Router router;
    private final HttpServer open;
    private final HttpServer internal;
    private final HttpServer urls;

    public TestGateway(Vertx vertx, String name) throws Exception {
        this(vertx, name, "127.0.0.1", 0, 0);
    }

    /** Peers share a port, so those that reach each other differ in their loopback address. */
    public TestGateway(Vertx vertx, String name, String host, int internalPort, int peerPort) throws Exception {
        this(vertx, name, host, 0, internalPort, peerPort, 1);
    }

    /** With a public port of its own choice if there are several event loops. */
    public TestGateway(Vertx vertx, String name, String host, int publicPort, int internalPort, int peerPort, int loops)
            throws Exception {
        this(
                vertx,
                name,
                host,
                publicPort,
                internalPort,
                peerPort,
                loops,
                head -> CompletableFuture.completedFuture(new Proven(new Caller(OPEN), null)),
                (caller, permission) -> CompletableFuture.completedFuture(permission));
    }

    /** One that does not let everybody do everything. */
    public TestGateway(
            Vertx vertx,
            String name,
            String host,
            int publicPort,
            int internalPort,
            int peerPort,
            int loops,
            Authenticator authenticator,
            Authorizer authorizer)
            throws Exception {
        platform = PlatformTokens.of("secret", PlatformTokens.GATEWAYS, host, "");
        peer = new Peer(name, host);
        ring = new Ring(peer);
        LoopClient calls = LoopClient.ofPlatform(vertx);
        ExchangeClient exchanges = new ExchangeClient(vertx);
        dispatcher = new Dispatcher(
                new Limits(10, 60_000, 1L << 30, 1000),
                new ShimClient(vertx, calls, exchanges, tokens),
                new CatalogView(catalog, new KnownPods(), ring),
                listeners,
                System::currentTimeMillis);
        PeerClient peers = new PeerClient(calls, exchanges, platform, peerPort);
        PackageDownloads packages = new PackageDownloads(store, tokens, platform, catalog);
        AsyncEvents async = AsyncEvents.assemble(
                vertx,
                new AsyncEvents.Stores(events, events, events, events),
                new AsyncEvents.Options(Duration.ofSeconds(1), Duration.ofSeconds(5), List.of(), "secret", 1 << 20),
                dispatcher,
                catalog,
                accounts,
                ring,
                new SimpleMeterRegistry(),
                () -> true);
        router = new Router(vertx, ring, dispatcher, peers, 5_000);
        SourceCalls sources = new SourceCalls("kappa-system");
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
        open = listen(
                vertx,
                host,
                publicPort,
                loops,
                new Pipeline(
                        authenticator,
                        authorizer,
                        List.of(invoke, stream, async.api()),
                        Pipeline::unknown,
                        () -> false));
        internal = listen(
                vertx,
                host,
                internalPort,
                loops,
                Gateway.platformApi(
                        platform,
                        invoke,
                        new InternalApi(
                                vertx,
                                ring,
                                dispatcher,
                                peers,
                                tokens,
                                platform,
                                packages,
                                new RoleCredentials(
                                        tokens,
                                        (namespace, pod) -> pods.get(namespace + "/" + pod),
                                        sessions,
                                        accounts),
                                OptionalInt.empty())));
        urls = listen(
                vertx,
                host,
                0,
                1,
                UrlPort.assemble(
                        vertx,
                        catalog,
                        accounts,
                        router,
                        new TrustedProxies(List.of()),
                        new FunctionUrls("", "example.com", "https"),
                        authenticator,
                        authorizer,
                        pipeline -> pipeline,
                        () -> false));
        vertx.setPeriodic(20, id -> dispatcher.tick());
    }

    private static HttpServer listen(Vertx vertx, String host, int port, int loops, Handler<HttpServerRequest> handler)
            throws Exception {
        List<HttpServer> servers = new CopyOnWriteArrayList<>();
        vertx.deployVerticle(
                        () -> (Deployable) context -> {
                            HttpServer server = HttpPorts.server(vertx, HttpPorts.options());
                            servers.add(server);
                            return server.requestHandler(handler).listen(port, host);
                        },
                        new DeploymentOptions().setInstances(loops))
                .toCompletionStage()
                .toCompletableFuture()
                .get(5, TimeUnit.SECONDS);
        return servers.getFirst();
    }

    /** Closes the ports and all their connections. */
    public void stop() {
        open.close();
        internal.close();
        urls.close();
    }

    public String urlsUrl() {
        return "http://" + peer.host() + ":" + urls.actualPort();
    }

    public String publicUrl() {
        return "http://" + peer.host() + ":" + open.actualPort();
    }

    public String internalUrl() {
        return "http://" + peer.host() + ":" + internal.actualPort();
    }

    public int internalPort() {
        return internal.actualPort();
    }
}
