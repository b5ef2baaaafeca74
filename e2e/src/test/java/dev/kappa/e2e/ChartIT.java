package dev.kappa.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.LocalPortForward;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
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

        try {
            theGatewayAnswersOverTls();
        } finally {
            Installation.tool("helm", "uninstall", "kappa", "--namespace", Installation.NAMESPACE, "--wait");
        }

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
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), forward.getLocalPort())) {
                socket.setSoTimeout(30_000);
                byte[] first = new byte[2048];
                int length = socket.getInputStream().read(first);
                assertThat(new String(first, 0, Math.max(0, length), StandardCharsets.US_ASCII))
                        .startsWith("INFO ")
                        .contains("\"tls_required\":true");
            }
        }
    }

    private static void theGatewayAnswersOverTls() throws Exception {
        // Any certificate will do whose authority is known.
        Installation.helm("--set", "nats.tls.enabled=true", "--set", "gateway.tls.secretName=kappa-nats-tls");
        HttpsURLConnection call =
                (HttpsURLConnection) URI.create(Cluster.shared().endpoint().replace("http:", "https:")
                                + "/2015-03-31/functions/outlasts/invocations")
                        .toURL()
                        .openConnection();
        call.setSSLSocketFactory(trustingNats().getSocketFactory());
        call.setHostnameVerifier((host, session) -> true); // the certificate names NATS
        call.setRequestMethod("POST");
        call.setRequestProperty("Authorization", Identity.administrator().bearer());
        assertThat(new String(call.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("\"kept\"");
    }

    private static SSLContext trustingNats() throws Exception {
        byte[] authority = Base64.getDecoder()
                .decode(Installation.tool(
                                "kubectl",
                                "get",
                                "secret",
                                "kappa-nats-tls",
                                "--namespace",
                                Installation.NAMESPACE,
                                "-o",
                                "jsonpath={.data.ca\\.crt}")
                        .strip());
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        trusted.setCertificateEntry(
                "nats",
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(authority)));
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
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
