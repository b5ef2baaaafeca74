package dev.kappa.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A port that callers reach, as they see it. */
@Timeout(120)
class PublicPortTest {
    private static final TrustedProxies NO_PROXIES = new TrustedProxies(List.of());

    @TempDir
    Path folder;

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    }

    private int listen(int connections, TrustedProxies proxies, @Nullable TlsFiles tls) throws Exception {
        return HttpPorts.listen(
                        vertx,
                        new PublicPort(0, new ConnectionLimit(connections, proxies), tls),
                        "127.0.0.1",
                        request -> request.response().end("<" + request.path() + ">"),
                        20)
                .toCompletionStage()
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS)
                .actualPort();
    }

    private static boolean answers(Socket socket) throws IOException {
        socket.setSoTimeout(20_000);
        socket.getOutputStream().write("GET /x HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        InputStream in = socket.getInputStream();
        StringBuilder answer = new StringBuilder();
        try {
            while (answer.indexOf("</x>") < 0) {
                int next = in.read();
                if (next < 0) {
                    return false;
                }
                answer.append((char) next);
            }
        } catch (IOException e) {
            return false;
        }
        return true;
    }

    private static Socket connect(int port) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), port);
    }

    @Test
    void anAddressHasNoMoreConnectionsThanItMay() throws Exception {
        int port = listen(2, NO_PROXIES, null);
        try (Socket first = connect(port);
                Socket second = connect(port)) {
            assertThat(answers(first)).isTrue();
            assertThat(answers(second)).isTrue();
            try (Socket third = connect(port)) {
                assertThat(answers(third)).isFalse();
            }
            assertThat(answers(first)).as("those that are there go on").isTrue();
        }
        // The server sees a little later that they are closed.
        boolean again = false;
        while (!again) {
            try (Socket later = connect(port)) {
                again = answers(later);
            }
        }
    }

    @Test
    void connectionsOfATrustedProxyDoNotCount() throws Exception {
        int port = listen(1, new TrustedProxies(List.of("127.0.0.0/8")), null);
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < 5; i++) {
                sockets.add(connect(port));
                assertThat(answers(sockets.getLast())).isTrue();
            }
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    @Test
    void aRenewedCertificateIsUsedAndABadOneIsNot() throws Exception {
        certificate("old");
        int port = listen(0, NO_PROXIES, new TlsFiles(folder));
        assertThat(name(port)).isEqualTo("CN=old");
        try (Socket before = tls(port)) {
            assertThat(answers(before)).isTrue();

            certificate("new");
            while (!name(port).equals("CN=new")) {
                Thread.sleep(10);
            }

            assertThat(answers(before)).as("connections go on").isTrue();
        }
        certificate("absent");
        Thread.sleep(200);
        assertThat(name(port)).isEqualTo("CN=new");
        certificate("old");
        while (!name(port).equals("CN=old")) {
            Thread.sleep(10);
        }
    }

    @Test
    void withTlsNothingIsServedPlainly() throws Exception {
        certificate("old");
        try (Socket plain = connect(listen(0, NO_PROXIES, new TlsFiles(folder)))) {
            assertThat(answers(plain)).isFalse();
        }
    }

    @Test
    void aMissingCertificateIsToldWithTheRemedy() {
        assertThatThrownBy(() -> listen(0, NO_PROXIES, new TlsFiles(folder)))
                .hasMessageContaining("make the Secret with the keys tls.crt and tls.key");
    }

    private static Socket tls(int port) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Anybody()}, null);
        return context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
    }

    private static String name(int port) throws Exception {
        try (SSLSocket socket = (SSLSocket) tls(port)) {
            socket.startHandshake();
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                    .getSubjectX500Principal()
                    .getName();
        }
    }

    /** Puts the files of a certificate in place, as the kubelet does; empty ones for the name absent. */
    private void certificate(String name) throws Exception {
        Path data = Files.createTempDirectory(folder, "..");
        if (name.equals("absent")) {
            Files.createFile(data.resolve("tls.key"));
            Files.createFile(data.resolve("tls.crt"));
        } else {
            OwnCertificate.write(data, name);
        }
        swap(data);
    }

    private void swap(Path data) throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("..new"), data.getFileName());
        Files.move(link, folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
        for (String file : List.of("tls.key", "tls.crt")) {
            if (!Files.isSymbolicLink(folder.resolve(file))) {
                Files.createSymbolicLink(folder.resolve(file), Path.of("..data", file));
            }
        }
    }

    private static final class Anybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
