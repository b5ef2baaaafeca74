package dev.kappa.operator.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names that no DNS knows: only who connects to the address that the guard resolved arrives. */
class UrlFetchTest {
    private static final String HOST = "code.kappa.test";
    private static final char[] PASSWORD = "changeit".toCharArray();

    private static HttpsServer server;
    private static KeyStore keys;
    private static final List<String> hosts = new CopyOnWriteArrayList<>();
    private final List<String> resolved = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        keys = keys(directory.resolve("keys.p12"));
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls()));
        server.createContext("/", exchange -> {
            try (exchange) {
                hosts.add(exchange.getRequestHeaders().getFirst("Host"));
                String path = exchange.getRequestURI().toString();
                if (path.startsWith("/to/")) {
                    exchange.getResponseHeaders().set("Location", "https://" + path.substring(4) + ":" + port() + "/b");
                    exchange.sendResponseHeaders(302, -1);
                } else {
                    byte[] body = path.getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                }
            }
        });
        server.start();
    }

    @AfterAll
    static void stop() {
        server.stop(0);
    }

    @Test
    void aHostIsResolvedOnceAndConnectedToThereUnderItsName() throws Exception {
        hosts.clear();

        String content = text(fetch(List.of(HOST)).get("https://" + HOST + ":" + port() + "/a.zip?x=%20y"));

        assertThat(content).isEqualTo("/a.zip?x=%20y");
        assertThat(resolved).containsExactly(HOST);
        assertThat(hosts).containsExactly(HOST + ":" + port());
    }

    @Test
    void eachRedirectIsResolvedOnceAndCheckedAgain() throws Exception {
        String content =
                text(fetch(List.of(HOST, "b." + HOST)).get("https://" + HOST + ":" + port() + "/to/b." + HOST));

        assertThat(content).isEqualTo("/b");
        assertThat(resolved).containsExactly(HOST, "b." + HOST);
        assertThatThrownBy(() -> fetch(List.of(HOST)).get("https://" + HOST + ":" + port() + "/to/inner.kappa.test"))
                .hasMessageContaining("inner.kappa.test has the address 127.0.0.1");
    }

    @Test
    void aCertificateOfAnotherNameIsRefusedAlsoWhereOneOfTheRightNameWasAccepted() throws Exception {
        fetch(List.of(HOST)).get("https://" + HOST + ":" + port() + "/a");
        String other = "other.kappa.test";

        assertThatThrownBy(() -> fetch(List.of(other)).get("https://" + other + ":" + port() + "/a"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("No subject alternative");
    }

    private static String text(Download download) throws IOException {
        try (download) {
            return Files.readString(download.file());
        }
    }

    private UrlFetch fetch(List<String> allowed) {
        AddressGuard guard = new AddressGuard(allowed, host -> {
            resolved.add(host);
            return new InetAddress[] {InetAddress.getByAddress(host, new byte[] {127, 0, 0, 1})};
        });
        return new UrlFetch(new GuardedHttp(guard, UrlFetchTest::tls));
    }

    private static int port() {
        return server.getAddress().getPort();
    }

    private static KeyStore keys(Path file) throws Exception {
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "a",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + HOST,
                        "-ext",
                        "san=dns:" + HOST + ",dns:b." + HOST + ",dns:inner.kappa.test",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        String.valueOf(PASSWORD))
                .redirectErrorStream(true)
                .start();
        assertThat(new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .doesNotContain("error");
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
        return store;
    }

    private static SSLContext tls() throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("a", keys.getCertificate("a"));
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, PASSWORD);
        TrustManagerFactory others = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        others.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), others.getTrustManagers(), null);
        return context;
    }
}
