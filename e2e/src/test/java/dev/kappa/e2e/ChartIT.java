package dev.kappa.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.LocalPortForward;
import io.nats.client.ErrorListener;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import software.amazon.awssdk.services.lambda.LambdaClient;

/** The chart installs, upgrades and uninstalls cleanly; functions outlive an installation. */
@Isolated("uninstalls")
class ChartIT {
    @BeforeAll
    static void install() throws IOException, InterruptedException {
        Installation.everything();
    }

    @Test
    void anUpgradeKeepsFunctionsAndKeyAndAnUninstallKeepsTheResources() throws Exception {
        Functions.python("outlasts", "scaling: {idleTimeout: 2s}", "def handler(event, context): return 'kept'");
        Functions.waitUntilReady("Function", "outlasts");
        String key = key();

        Installation.helm("--set", "gateway.queueLimit=500", "--set", "nats.tls.enabled=true");

        assertThat(key()).isEqualTo(key);
        natsTakesNobodyWithoutTls();
        assertThat(Events.outcome("outlasts", Events.accept("outlasts", "1"))
                        .path("condition")
                        .asText())
                .isEqualTo("Success");
        try (LambdaClient lambda = Functions.lambda()) {
            assertThat(Functions.invoke(lambda, "outlasts", "{}").payload().asUtf8String())
                    .isEqualTo("\"kept\"");
        }

        Installation.tool("helm", "uninstall", "kappa", "--namespace", Installation.NAMESPACE, "--wait");

        assertThat(Installation.tool("kubectl", "get", "functions", "-o", "name"))
                .contains("function.kappa.dev/outlasts");
        assertThat(Installation.tool("kubectl", "get", "clusterroles,clusterrolebindings", "-o", "name"))
                .doesNotContain("kappa");

        Installation.helm();

        try (LambdaClient lambda = Functions.lambda()) {
            Functions.waitUntilReady("Function", "outlasts");
            assertThat(Functions.invoke(lambda, "outlasts", "{}").payload().asUtf8String())
                    .isEqualTo("\"kept\"");
        }
    }

    private static void natsTakesNobodyWithoutTls() throws IOException {
        try (LocalPortForward forward = Cluster.shared()
                .client()
                .pods()
                .inNamespace(Installation.NAMESPACE)
                .withName("kappa-nats-0")
                .portForward(4222)) {
            Options plain = Options.builder()
                    .server("nats://127.0.0.1:" + forward.getLocalPort())
                    .userInfo("gateway", Installation.natsPassword("gateway"))
                    .maxReconnects(0)
                    .errorListener(new ErrorListener() {})
                    .build();
            assertThatThrownBy(() -> Nats.connect(plain)).hasMessageContaining("SSL connection wanted by server");
        }
    }

    private static String key() throws IOException, InterruptedException {
        return Installation.tool(
                "kubectl",
                "get",
                "secret",
                "kappa-instance-key",
                "--namespace",
                Installation.NAMESPACE,
                "-o",
                "jsonpath={.data.key}");
    }
}
