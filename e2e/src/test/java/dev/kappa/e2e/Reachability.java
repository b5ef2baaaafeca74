package dev.kappa.e2e;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What NetworkPolicies mean, by the rules of the API (networking.k8s.io/v1): for clusters whose network plugin does not ask them, and
 * for addresses that no test may call.
 */
final class Reachability {
    /**
     * One end of a connection: a pod, or an address outside.
     *
     * @param namespace of the pod, null for an address
     * @param labels of the pod
     * @param ip of either
     */
    record End(String namespace, Map<String, String> labels, String ip) {
        static End address(String ip) {
            return new End(null, Map.of(), ip);
        }

        boolean isPod() {
            return namespace != null;
        }
    }

    private final List<NetworkPolicy> policies;
    private final Map<String, Map<String, String>> namespaces;

    Reachability(List<NetworkPolicy> policies, List<Namespace> namespaces) {
        this.policies = policies;
        this.namespaces = namespaces.stream()
                .collect(Collectors.toMap(
                        it -> it.getMetadata().getName(), it -> it.getMetadata().getLabels()));
    }

    boolean connects(End from, End to, String protocol, int port) {
        return leaves(from, to, protocol, port) && enters(from, to, protocol, port);
    }

    /** Several policies allow together; without one everything is allowed. */
    private boolean leaves(End from, End to, String protocol, int port) {
        List<NetworkPolicy> mine = of(from, "Egress");
        return mine.isEmpty()
                || mine.stream()
                        .flatMap(policy -> policy.getSpec().getEgress().stream())
                        .anyMatch(rule -> matches(rule.getPorts(), protocol, port) && matches(rule.getTo(), to, from));
    }

    private boolean enters(End from, End to, String protocol, int port) {
        List<NetworkPolicy> mine = of(to, "Ingress");
        return mine.isEmpty()
                || mine.stream()
                        .flatMap(policy -> policy.getSpec().getIngress().stream())
                        .anyMatch(
                                rule -> matches(rule.getPorts(), protocol, port) && matches(rule.getFrom(), from, to));
    }

    private List<NetworkPolicy> of(End end, String type) {
        return policies.stream()
                .filter(policy -> policy.getMetadata().getNamespace().equals(end.namespace()))
                .filter(policy -> policy.getSpec().getPolicyTypes().contains(type))
                .filter(policy -> selects(policy.getSpec().getPodSelector(), end.labels()))
                .toList();
    }

    private static boolean matches(List<NetworkPolicyPort> ports, String protocol, int port) {
        return ports.isEmpty()
                || ports.stream()
                        .anyMatch(it -> (it.getProtocol() == null ? "TCP" : it.getProtocol()).equals(protocol)
                                && (it.getPort() == null || it.getPort().getIntVal() == port));
    }

    private boolean matches(List<NetworkPolicyPeer> peers, End other, End owner) {
        return peers.isEmpty() || peers.stream().anyMatch(peer -> matches(peer, other, owner));
    }

    private boolean matches(NetworkPolicyPeer peer, End other, End owner) {
        if (peer.getIpBlock() != null) {
            return contains(peer.getIpBlock().getCidr(), other.ip())
                    && peer.getIpBlock().getExcept().stream().noneMatch(it -> contains(it, other.ip()));
        }
        if (!other.isPod()) {
            return false;
        }
        boolean namespace = peer.getNamespaceSelector() == null
                ? other.namespace().equals(owner.namespace())
                : selects(peer.getNamespaceSelector(), namespaces.getOrDefault(other.namespace(), Map.of()));
        return namespace && (peer.getPodSelector() == null || selects(peer.getPodSelector(), other.labels()));
    }

    private static boolean selects(LabelSelector selector, Map<String, String> labels) {
        return (selector.getMatchLabels() == null
                        || labels.entrySet()
                                .containsAll(selector.getMatchLabels().entrySet()))
                && selector.getMatchExpressions().stream().allMatch(it -> holds(it, labels::get));
    }

    private static boolean holds(LabelSelectorRequirement requirement, Function<String, String> labels) {
        String value = labels.apply(requirement.getKey());
        return switch (requirement.getOperator()) {
            case "Exists" -> value != null;
            case "DoesNotExist" -> value == null;
            case "In" -> requirement.getValues().contains(value);
            case "NotIn" -> !requirement.getValues().contains(value);
            default -> throw new AssertionError("no such operator: " + requirement);
        };
    }

    private static boolean contains(String cidr, String ip) {
        String[] parts = cidr.split("/", 2);
        byte[] network = bytes(parts[0]);
        byte[] address = bytes(ip);
        int bits = Integer.parseInt(parts[1]);
        if (network.length != address.length) {
            return false;
        }
        int whole = bits / 8;
        int mask = 0xff00 >> bits % 8 & 0xff;
        return Arrays.equals(network, 0, whole, address, 0, whole)
                && (mask == 0 || (network[whole] & mask) == (address[whole] & mask));
    }

    private static byte[] bytes(String ip) {
        try {
            return InetAddress.ofLiteral(ip).getAddress();
        } catch (IllegalArgumentException e) {
            throw new AssertionError("not an address: " + ip, e);
        }
    }
}
