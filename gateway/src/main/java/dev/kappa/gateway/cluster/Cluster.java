package dev.kappa.gateway.cluster;

import dev.kappa.gateway.catalog.Catalog;
import dev.kappa.gateway.demand.DemandReporter;
import dev.kappa.gateway.dispatch.Dispatcher;
import dev.kappa.gateway.peers.Peer;
import dev.kappa.gateway.peers.Ring;
import dev.kappa.lambda.Accounts;
import dev.kappa.lambda.FunctionKey;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Feeds catalog, ring, dispatcher and reporter from informers. */
public final class Cluster {
    private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);
    private static final String GATEWAYS = "kappa-gateway-internal";
    private static final String OPERATORS = "kappa-operator";
    private static final long SPARE_MS = 30_000;

    private final KubernetesClient client;
    private final String namespace;
    private final Catalog catalog;
    private final Accounts accounts;
    private final Ring ring;
    private final Dispatcher dispatcher;
    private final DemandReporter reporter;
    private final PodWatch pods;
    private final Watches watches = new Watches();
    private final Slices gateways = new Slices();
    private final Slices operators = new Slices();

    /**
     * Not started yet.
     *
     * @param client the API server
     * @param namespace where Kappa itself runs
     * @param catalog learns functions, versions, aliases
     * @param accounts learns namespaces
     * @param ring learns gateways
     * @param dispatcher learns pods and changes
     * @param reporter learns operators
     * @param scheduled learns when pods were scheduled
     */
    public Cluster(
            KubernetesClient client,
            String namespace,
            Catalog catalog,
            Accounts accounts,
            Ring ring,
            Dispatcher dispatcher,
            DemandReporter reporter,
            ScheduledPods scheduled) {
        this.client = client;
        this.namespace = namespace;
        this.catalog = catalog;
        this.accounts = accounts;
        this.ring = ring;
        this.dispatcher = dispatcher;
        this.reporter = reporter;
        this.pods = new PodWatch(dispatcher, ring, scheduled);
    }

    /** Starts all informers; returns at once. */
    public void start() {
        watches.start(
                "functions",
                Watches.kappa(client, "Function", "functions"),
                resource -> {
                    accounts.know(resource.getMetadata().getNamespace());
                    catalog.put(Resources.function(resource));
                    changed(resource, resource.getMetadata().getName());
                },
                resource -> catalog.remove(Resources.function(resource)));
        watches.start(
                "versions",
                Watches.kappa(client, "Version", "versions"),
                resource -> Resources.version(resource).ifPresent(version -> {
                    catalog.put(version);
                    changed(resource, version.function());
                }),
                resource -> Resources.version(resource).ifPresent(catalog::remove));
        watches.start(
                "aliases",
                Watches.kappa(client, "Alias", "aliases"),
                resource -> AliasResource.read(resource).ifPresent(catalog::put),
                resource -> AliasResource.read(resource).ifPresent(catalog::remove));
        watches.start(
                "pods",
                client.pods().inAnyNamespace().withLabel(PodWatch.FUNCTION).runnableInformer(0),
                pods::present,
                pods::gone);
        slices(GATEWAYS, gateways, this::gatewaysChanged);
        slices(OPERATORS, operators, this::operatorsChanged);
    }

    /**
     * What has not been listed yet.
     *
     * @return one sentence each, empty once all is known
     */
    public List<String> notSynced() {
        return watches.notSynced();
    }

    /** Forgets instances whose pods are gone; to be called every 10 s or so. */
    public void sweep() {
        if (watches.notSynced().isEmpty()) {
            dispatcher.retain(pods::exists, SPARE_MS);
        }
    }

    private void slices(String service, Slices slices, Runnable changed) {
        Consumer<EndpointSlice> put = slice -> {
            slices.put(slice);
            changed.run();
        };
        Consumer<EndpointSlice> remove = slice -> {
            slices.remove(slice);
            changed.run();
        };
        watches.start(
                "endpoints of " + service,
                client.discovery()
                        .v1()
                        .endpointSlices()
                        .inNamespace(namespace)
                        .withLabel("kubernetes.io/service-name", service)
                        .runnableInformer(0),
                put,
                remove);
    }

    private void gatewaysChanged() {
        List<Peer> peers = gateways.endpoints(true).stream()
                .map(endpoint ->
                        new Peer(Slices.name(endpoint), endpoint.getAddresses().get(0)))
                .distinct()
                .toList();
        LOG.info("Gateways: {}", peers);
        ring.replace(peers);
        dispatcher.releaseUnless(ring::owns);
        pods.replay();
    }

    private void operatorsChanged() {
        reporter.operators(operators.endpoints(false).stream()
                .map(endpoint -> endpoint.getAddresses().get(0))
                .distinct()
                .toList());
    }

    private void changed(GenericKubernetesResource resource, String function) {
        dispatcher.changed(new FunctionKey(resource.getMetadata().getNamespace(), function));
    }
}
