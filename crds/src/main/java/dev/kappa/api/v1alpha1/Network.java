package dev.kappa.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;

/** Where instances may connect to, besides the gateways and the cluster's name service. */
@JsonIgnoreProperties(ignoreUnknown = true)
public class Network {
    /** Pods of the Cluster outside Kappa, public addresses of the Internet, All of these, or None. */
    @ValidationRule(
            value = "self in ['None', 'Cluster', 'Internet', 'All']",
            messageExpression =
                    "'spec.network.egress: must be one of None, Cluster, Internet, All, but is %s'.format([self])")
    @Default("All")
    @Size(max = 40)
    public String egress;

    /** Where else they may connect to. */
    @Size(max = 50)
    public List<Peer> allow;

    /** Addresses, or pods by their labels; and ports of them. */
    @ValidationRule(
            value = "has(self.cidr) != (has(self.namespaceLabels) || has(self.podLabels))",
            messageExpression =
                    "'spec.network.allow: give each either cidr, or namespaceLabels and podLabels, but one has %s'"
                            + ".format([has(self.cidr) ? 'both with cidr ' + self.cidr : 'none'])")
    @JsonIgnoreProperties(ignoreUnknown = true)
    public static class Peer {
        /** A range of addresses, for example 10.20.0.0/16. */
        @ValidationRule(
                value = "isCIDR(self)",
                messageExpression =
                        "'spec.network.allow.cidr: must be a range of addresses such as 10.20.0.0/16, but is %s'"
                                + ".format([self])")
        @ValidationRule(
                value =
                        "!isCIDR(self) || !(cidr('169.254.0.0/16').containsCIDR(self) || cidr('fe80::/10').containsCIDR(self)"
                                + " || cidr('fd00:ec2::254/128').containsCIDR(self))",
                messageExpression =
                        "'spec.network.allow.cidr: %s are a node\\'s own addresses and a cloud\\'s metadata, which no function may"
                                + " reach'.format([self])")
        @Size(max = 64)
        public String cidr;

        /** Labels of the namespaces that the pods are in; the function's own namespace if absent. */
        @Size(max = 20)
        public Map<String, String> namespaceLabels;

        /** Labels of the pods; all pods of the namespaces if absent. */
        @Size(max = 20)
        public Map<String, String> podLabels;

        /** Ports, of TCP unless they say otherwise; all ports if absent. */
        @Size(max = 20)
        public List<Port> ports;
    }

    /** A port. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public static class Port {
        /** Number of the port. */
        @Required
        @Min(1)
        @Max(65535)
        public Integer port;

        /** TCP, UDP or SCTP. */
        @Pattern("^(TCP|UDP|SCTP)$")
        @Default("TCP")
        public String protocol;
    }
}
