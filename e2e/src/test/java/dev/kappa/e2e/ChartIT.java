package dev.kappa.e2e;

import static org.assertj.core.api.Assertions.assertThat;

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

        Installation.helm("--set", "gateway.queueLimit=500");

        assertThat(key()).isEqualTo(key);
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
