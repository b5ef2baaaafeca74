package dev.kappa.gateway.cluster;

import static dev.kappa.gateway.cluster.ServiceEndpoints.SERVICE;

import dev.kappa.api.v1alpha1.Alias;
import dev.kappa.api.v1alpha1.Function;
import dev.kappa.api.v1alpha1.FunctionVersion;
import dev.kappa.api.v1alpha1.Labels;
import dev.kappa.api.v1alpha1.ResourceNames;
import dev.kappa.gateway.catalog.Catalog;
import dev.kappa.gateway.demand.DemandReporter;
import dev.kappa.gateway.dispatch.Dispatcher;
import dev.kappa.gateway.peers.Peer;
import dev.kappa.gateway.peers.Ring;
import dev.kappa.lambda.Accounts;
import dev.kappa.lambda.FunctionKey;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Optional;
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
    private final ServiceEndpoints endpoints = new ServiceEndpoints();

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
     * @param known learns pods
     */
    public Cluster(
            KubernetesClient client,
            String namespace,
            Catalog catalog,
            Accounts accounts,
            Ring ring,
            Dispatcher dispatcher,
            DemandReporter reporter,
            KnownPods known) {
        this.client = client;
        this.namespace = namespace;
        this.catalog = catalog;
        this.accounts = accounts;
        this.ring = ring;
        this.dispatcher = dispatcher;
        this.reporter = reporter;
        this.pods = new PodWatch(dispatcher, ring, known);
    }

    /** Starts all informers; returns at once. */
    public void start() {
        watches.start(
                "functions",
                client.resources(Function.class).inAnyNamespace(),
                Function::new,
                function -> FunctionRecords.of(function).ifPresent(info -> {
                    accounts.know(info.namespace());
                    catalog.put(info);
                    dispatcher.changed(new FunctionKey(info.namespace(), info.name()));
                }),
                function -> catalog.removeFunction(key(function)));
        watches.start(
                "versions",
                client.resources(FunctionVersion.class).inAnyNamespace(),
                FunctionVersion::new,
                version -> FunctionRecords.of(version).ifPresent(info -> {
                    catalog.put(info);
                    dispatcher.changed(new FunctionKey(info.namespace(), info.function()));
                }),
                version -> qualifier(version).ifPresent(number -> catalog.removeVersion(key(version), number)));
        watches.start(
                "aliases",
                client.resources(Alias.class).inAnyNamespace(),
                Alias::new,
                alias -> AliasRecords.of(alias).ifPresent(catalog::put),
                alias -> qualifier(alias).ifPresent(name -> catalog.removeAlias(key(alias), name)));
        watches.start(
                "pods", client.pods().inAnyNamespace().withLabel(Labels.FUNCTION), Pod::new, pods::present, pods::gone);
        watches.start(
                "endpoints",
                client.discovery()
                        .v1()
                        .endpointSlices()
                        .inNamespace(namespace)
                        .withLabelIn(SERVICE, GATEWAYS, OPERATORS),
                EndpointSlice::new,
                slice -> endpointsChanged(endpoints.put(slice)),
                slice -> endpointsChanged(endpoints.remove(slice)));
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

    private void endpointsChanged(String service) {
        if (service.equals(GATEWAYS)) {
            gatewaysChanged();
        } else {
            operatorsChanged();
        }
    }

    private void gatewaysChanged() {
        List<Peer> peers = endpoints.ready(GATEWAYS).stream()
                .map(endpoint -> new Peer(
                        ServiceEndpoints.name(endpoint), endpoint.getAddresses().get(0)))
                .distinct()
                .toList();
        LOG.info("Gateways: {}", peers);
        ring.replace(peers);
        dispatcher.releaseUnless(ring::owns);
        pods.replay();
    }

    private void operatorsChanged() {
        reporter.operators(endpoints.staying(OPERATORS).stream()
                .map(endpoint -> endpoint.getAddresses().get(0))
                .distinct()
                .toList());
    }

    /** The function that a Function, Version or Alias is or belongs to; its name is known even if nothing else is. */
    private static FunctionKey key(HasMetadata resource) {
        return new FunctionKey(
                resource.getMetadata().getNamespace(),
                ResourceNames.function(resource.getMetadata().getName()));
    }

    private static Optional<String> qualifier(HasMetadata resource) {
        return ResourceNames.qualifier(resource.getMetadata().getName());
    }
}
