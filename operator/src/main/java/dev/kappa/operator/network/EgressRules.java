package dev.kappa.operator.network;

import dev.kappa.api.v1alpha1.Labels;
import dev.kappa.api.v1alpha1.Network;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeerBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPortBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where instances may connect to, as rules of a NetworkPolicy. A policy can only allow, so nothing here may match NATS, the
 * operator, other functions or the address of a cloud's metadata.
 */
final class EgressRules {
    /** Name of a namespace, as Kubernetes itself puts it on it. */
    static final String NAMESPACE = "kubernetes.io/metadata.name";

    private static final String SYSTEM = "kube-system";
    private static final Map<String, String> NAME_SERVICE = Map.of("k8s-app", "kube-dns");
    /** By custom the address of a cache of the name service on the node itself. */
    private static final String NODE_LOCAL_NAME_SERVICE = "169.254.20.10/32";

    /** With the address at which AWS has its metadata for IPv6. */
    private static final List<String> LINK_LOCAL = List.of("169.254.0.0/16", "fe80::/10", "fd00:ec2::254/128");

    private static final int DNS = 53;
    /** The Invoke API, what only shims call, and function URLs. */
    private static final int[] GATEWAY = {8080, 8081, 8083};

    private final NetworkSettings settings;

    EgressRules(NetworkSettings settings) {
        this.settings = settings;
    }

    /**
     * All rules of a function.
     *
     * @param network what it says, null for nothing
     * @param role whether it has an execution role, with which it may call the API server
     * @param server where the API server listens
     */
    List<NetworkPolicyEgressRule> of(@Nullable Network network, boolean role, ApiServer server) {
        String egress = network == null ? "All" : network.egress;
        List<NetworkPolicyEgressRule> rules = new ArrayList<>();
        rules.add(rule(
                List.of(nameService(), block(NODE_LOCAL_NAME_SERVICE, List.of())),
                List.of(port("UDP", DNS), port("TCP", DNS))));
        rules.add(rule(
                List.of(pods(names("In", settings.namespace()), labels(settings.gatewayLabels()))),
                ports("TCP", GATEWAY)));
        if (egress.equals("Cluster") || egress.equals("All")) {
            rules.add(rule(List.of(pods(names("NotIn", settings.namespace(), SYSTEM), notFunctions())), List.of()));
        }
        if (egress.equals("Internet") || egress.equals("All")) {
            rules.add(rule(List.of(internet(false, role, server), internet(true, role, server)), List.of()));
        }
        if (role) {
            server.addresses()
                    .forEach(it -> rules.add(rule(List.of(block(it.cidr(), List.of())), ports("TCP", it.port()))));
        }
        if (network != null && network.allow != null) {
            List<String> never = never(role, server);
            network.allow.forEach(peer ->
                    peer(peer, never).ifPresent(it -> rules.add(rule(List.of(it), ports(peer.ports)))));
        }
        return rules;
    }

    private static NetworkPolicyPeer nameService() {
        return pods(names("In", SYSTEM), labels(NAME_SERVICE));
    }

    private static LabelSelector notFunctions() {
        return new LabelSelectorBuilder()
                .addToMatchExpressions(new LabelSelectorRequirement(Labels.FUNCTION, "DoesNotExist", List.of()))
                .build();
    }

    private NetworkPolicyPeer internet(boolean six, boolean role, ApiServer server) {
        List<String> except = Stream.concat(
                        settings.privateRanges().stream(),
                        role ? Stream.of() : server.addresses().stream().map(ApiServer.Address::cidr))
                .filter(range -> range.contains(":") == six)
                .distinct()
                .sorted()
                .toList();
        return block(six ? "::/0" : "0.0.0.0/0", except);
    }

    /** What no function can allow itself: a node's own addresses, a cloud's metadata among them, and without a role the API server. */
    private static List<String> never(boolean role, ApiServer server) {
        return Stream.concat(
                        LINK_LOCAL.stream(),
                        role ? Stream.of() : server.addresses().stream().map(ApiServer.Address::cidr))
                .distinct()
                .sorted()
                .toList();
    }

    private Optional<NetworkPolicyPeer> peer(Network.Peer peer, List<String> never) {
        if (peer.cidr == null) {
            return Optional.of(pods(
                    peer.namespaceLabels == null ? null : others(peer.namespaceLabels),
                    new LabelSelectorBuilder(notFunctions())
                            .withMatchLabels(peer.podLabels)
                            .build()));
        }
        Cidr range = Cidr.of(peer.cidr);
        if (never.stream().anyMatch(it -> Cidr.of(it).contains(range))) {
            return Optional.empty();
        }
        return Optional.of(block(
                peer.cidr,
                never.stream().filter(it -> range.contains(Cidr.of(it))).toList()));
    }

    /** Namespaces with labels, but for Kappa's own, whatever its labels are. */
    private LabelSelector others(Map<String, String> labels) {
        return new LabelSelectorBuilder(names("NotIn", settings.namespace()))
                .withMatchLabels(labels)
                .build();
    }

    private static NetworkPolicyPeer pods(@Nullable LabelSelector namespaces, LabelSelector pods) {
        return new NetworkPolicyPeerBuilder()
                .withNamespaceSelector(namespaces)
                .withPodSelector(pods)
                .build();
    }

    private static NetworkPolicyPeer block(String cidr, List<String> except) {
        return new NetworkPolicyPeerBuilder()
                .withNewIpBlock()
                .withCidr(cidr)
                .withExcept(except)
                .endIpBlock()
                .build();
    }

    private static LabelSelector names(String operator, String... names) {
        return new LabelSelectorBuilder()
                .addToMatchExpressions(new LabelSelectorRequirement(NAMESPACE, operator, List.of(names)))
                .build();
    }

    private static LabelSelector labels(Map<String, String> labels) {
        return new LabelSelectorBuilder().withMatchLabels(labels).build();
    }

    private static List<NetworkPolicyPort> ports(String protocol, int... ports) {
        return Arrays.stream(ports).mapToObj(port -> port(protocol, port)).toList();
    }

    private static List<NetworkPolicyPort> ports(@Nullable List<Network.Port> ports) {
        return ports == null
                ? List.of()
                : ports.stream().map(it -> port(it.protocol, it.port)).toList();
    }

    private static NetworkPolicyPort port(String protocol, int port) {
        return new NetworkPolicyPortBuilder()
                .withProtocol(protocol)
                .withPort(new IntOrString(port))
                .build();
    }

    private static NetworkPolicyEgressRule rule(List<NetworkPolicyPeer> to, List<NetworkPolicyPort> ports) {
        return new NetworkPolicyEgressRuleBuilder().withTo(to).withPorts(ports).build();
    }
}
