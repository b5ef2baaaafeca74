package dev.kappa.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.e2e.Reachability.End;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Who may connect to functions and where these may connect to, by the NetworkPolicies that the operator and the chart write. Their
 * meaning is worked out here, since not every cluster of the tests has a network plugin that enforces them.
 */
class NetworkIT {
    private static final String ECHO = "def handler(event, context): return event";
    private static final Map<String, String> FUNCTIONS = Map.of(
            "net-all", "",
            "net-none", "network: {egress: None}",
            "net-cluster", "network: {egress: Cluster}",
            "net-internet", "network: {egress: Internet}",
            "net-role", "serviceAccountName: default",
            "net-role-none", "serviceAccountName: default\n  network: {egress: None}",
            "net-allow",
                    "network: {egress: None, allow: [{cidr: 10.20.0.0/16, ports: [{port: 5432}]},"
                            + " {namespaceLabels: {kubernetes.io/metadata.name: default}, podLabels: {app: postgres}}]}",
            "net-greedy",
                    "network: {egress: None, allow: [{cidr: 0.0.0.0/0}, {cidr: '::/0'},"
                            + " {namespaceLabels: {kubernetes.io/metadata.name: kappa-system}}, {podLabels: {}}]}");

    private static KubernetesClient client;
    private static Reachability reachability;
    private static final Map<String, End> ENDS = new HashMap<>();

    @BeforeAll
    static void install() throws IOException, InterruptedException {
        Installation.everything();
        client = Cluster.shared().client();
        FUNCTIONS.forEach((name, spec) -> Functions.python(name, spec, ECHO));
        for (String name : FUNCTIONS.keySet()) {
            Map<String, String> labels = client.apps()
                    .deployments()
                    .inNamespace("default")
                    .withName("fn-" + name + "-latest")
                    .waitUntilCondition(Objects::nonNull, 60, TimeUnit.SECONDS)
                    .getSpec()
                    .getTemplate()
                    .getMetadata()
                    .getLabels();
            ENDS.put(name, new End("default", labels, "10.244.0.200"));
        }
        for (Pod pod : client.pods().inNamespace(Installation.NAMESPACE).list().getItems()) {
            ObjectMeta metadata = pod.getMetadata();
            ENDS.put(
                    metadata.getLabels().get("app.kubernetes.io/component"),
                    new End(metadata.getNamespace(), metadata.getLabels(), "10.244.0.201"));
        }
        ENDS.put("dns", new End("kube-system", Map.of("k8s-app", "kube-dns"), "10.244.0.202"));
        ENDS.put("postgres", new End("default", Map.of("app", "postgres"), "10.244.0.203"));
        ENDS.put("stranger", new End("default", Map.of("app", "stranger"), "10.244.0.204"));
        ENDS.put("api-server", End.address(apiServer()));
        reachability = new Reachability(
                client.network().v1().networkPolicies().inAnyNamespace().list().getItems(),
                client.namespaces().list().getItems());
    }

    private static String apiServer() {
        return client.discovery()
                .v1()
                .endpointSlices()
                .inNamespace("default")
                .withName("kubernetes")
                .get()
                .getEndpoints()
                .getFirst()
                .getAddresses()
                .getFirst();
    }

    @AfterAll
    static void tidyUp() {
        FUNCTIONS.keySet().forEach(name -> Functions.delete("Function", name));
    }

    private static End end(String name) {
        End end = ENDS.get(name);
        return end == null ? End.address(name) : end;
    }

    /** Which of the functions do. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            dns             | UDP | 53   | all none cluster internet allow role role-none greedy
            gateway         | TCP | 8080 | all none cluster internet allow role role-none greedy
            gateway         | TCP | 8081 | all none cluster internet allow role role-none greedy
            gateway         | TCP | 8083 | all none cluster internet allow role role-none greedy
            postgres        | TCP | 5432 | all cluster allow role greedy
            stranger        | TCP | 80   | all cluster role greedy
            203.0.113.9     | TCP | 443  | all internet role greedy
            2001:db8::9     | TCP | 443  | all internet role greedy
            10.20.0.5       | TCP | 5432 | allow greedy
            10.20.0.5       | TCP | 22   | greedy
            10.21.0.5       | TCP | 5432 | greedy
            169.254.169.254 | TCP | 80   |
            fe80::1         | TCP | 80   |
            api-server      | TCP | 6443 | role role-none
            nats            | TCP | 4222 |
            operator        | TCP | 8081 |
            operator        | TCP | 8080 | greedy
            api             | TCP | 8081 |
            api             | TCP | 8080 |
            net-all         | TCP | 8080 |
            """)
    void aFunctionConnectsTo(String to, String protocol, int port, String allowed) {
        List<String> connecting = FUNCTIONS.keySet().stream()
                .filter(from -> reachability.connects(end(from), end(to), protocol, port))
                .map(name -> name.substring("net-".length()))
                .toList();

        assertThat(connecting).containsExactlyInAnyOrder(allowed == null ? new String[0] : allowed.split(" ", -1));
    }

    @ParameterizedTest
    @CsvSource({"gateway, 8080, true", "gateway, 9998, false", "stranger, 8080, false", "operator, 8080, false"})
    void toAFunctionConnectsOnlyAGateway(String from, int port, boolean allowed) {
        assertThat(reachability.connects(end(from), end("net-none"), "TCP", port))
                .isEqualTo(allowed);
    }

    @Test
    void thePolicyOfAFunctionGoesWithWhatItSays() {
        Functions.python("net-changing", "network: {egress: None}", ECHO);
        waitForPolicy("fn-net-changing-latest", true);

        Functions.python("net-changing", "", ECHO);
        waitForPolicy("fn-net-changing-latest", false);

        Functions.python("net-changing", "network: {egress: Internet}", ECHO);
        waitForPolicy("fn-net-changing-latest", true);
        Functions.delete("Function", "net-changing");
        waitForPolicy("fn-net-changing-latest", false);
    }

    private static void waitForPolicy(String name, boolean there) {
        client.network()
                .v1()
                .networkPolicies()
                .inNamespace("default")
                .withName(name)
                .waitUntilCondition(policy -> policy != null == there, 60, TimeUnit.SECONDS);
    }
}
