package dev.kappa.operator.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.api.v1alpha1.Function;
import dev.kappa.api.v1alpha1.FunctionSpec;
import dev.kappa.api.v1alpha1.Network;
import dev.kappa.lambda.VersionKey;
import dev.kappa.operator.network.ApiServer.Address;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What is written; what it means is tested on a cluster. */
class DesiredPoliciesTest {
    private static final ApiServer SERVER =
            new ApiServer(List.of(Address.of("10.96.0.1", 443), Address.of("198.51.100.7", 6443)));

    private final DesiredPolicies desired = new DesiredPolicies(new NetworkSettings(
            true,
            "kappa-system",
            Map.of("app.kubernetes.io/component", "gateway"),
            List.of("10.0.0.0/8", "169.254.0.0/16", "fc00::/7")));

    @Test
    void aNamespaceHasTwoWhateverTheNumberOfItsFunctions() throws IOException {
        String yaml = Serialization.asYaml(desired.ofNamespace("media", SERVER));

        assertThat(yaml).isEqualTo(golden("namespace.yaml"));
    }

    @Test
    void aFunctionThatSaysSomethingHasOneMore() throws IOException {
        Function function = new Function();
        function.getMetadata().setName("thumbnails");
        function.getMetadata().setUid("6b1c");
        FunctionSpec spec = new FunctionSpec();
        spec.serviceAccountName = "role";
        spec.network = new Network();
        spec.network.egress = "None";
        Network.Peer peer = new Network.Peer();
        peer.podLabels = Map.of("app", "postgres");
        peer.ports = List.of(new Network.Port());
        peer.ports.getFirst().port = 5432;
        peer.ports.getFirst().protocol = "TCP";
        spec.network.allow = List.of(peer);

        String yaml = Serialization.asYaml(desired.of(
                new PolicyTarget(new VersionKey("media", "thumbnails", VersionKey.LATEST), function, spec), SERVER));

        assertThat(yaml).isEqualTo(golden("function.yaml"));
    }

    private static String golden(String file) throws IOException {
        try (InputStream in = Objects.requireNonNull(DesiredPoliciesTest.class.getResourceAsStream(file))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
