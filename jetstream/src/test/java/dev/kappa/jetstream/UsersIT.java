package dev.kappa.jetstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kappa.stores.keys.KeyStore;
import io.nats.client.AuthenticationException;
import io.nats.client.Connection;
import io.nats.client.ErrorListener;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.api.StreamConfiguration;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may connect to the chart's NATS, and what each user may do there. */
class UsersIT {
    private final List<Connection> connections = new CopyOnWriteArrayList<>();
    private NatsServer server;

    @TempDir
    Path folder;

    @BeforeEach
    void start() throws Exception {
        server = NatsServer.started();
        for (int tries = 0; tries < 100; tries++) {
            try {
                connect("gateway", "k0");
                return;
            } catch (java.io.IOException e) {
                Thread.sleep(50);
            }
        }
    }

    @AfterEach
    void stop() throws Exception {
        for (Connection connection : connections) {
            connection.close();
        }
        server.close();
    }

    @Test
    void nobodyConnectsWithoutAUserOrWithAWrongPassword() {
        assertThatThrownBy(() -> Nats.connect(options().build())).isInstanceOf(AuthenticationException.class);
        assertThatThrownBy(() -> connect("gateway", "k1")).isInstanceOf(AuthenticationException.class);
        assertThatThrownBy(() -> connect("sys", "k0")).isInstanceOf(AuthenticationException.class);
    }

    @Test
    void theControlPlaneKeepsPackagesAndNothingElse() throws Exception {
        byte[] content = "code".getBytes(StandardCharsets.UTF_8);
        String digest =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        Path file = Files.write(folder.resolve("code.zip"), content);
        try (NatsLink link = new NatsLink(new NatsAccess(server.url(), 1, "api", "k0"))) {
            link.start();
            NatsPackageStore packages = new NatsPackageStore(link);
            for (int tries = 0; ; tries++) {
                try {
                    packages.put("default", digest, file);
                    break;
                } catch (java.io.IOException e) {
                    if (tries > 100) {
                        throw e;
                    }
                    Thread.sleep(50);
                }
            }
            ByteArrayOutputStream read = new ByteArrayOutputStream();
            packages.get("default", digest, read);
            assertThat(read.toByteArray()).isEqualTo(content);
        }
        List<String> refused = new CopyOnWriteArrayList<>();
        Connection api = connect("api", "k0", refused);
        api.publish("kappa.queue.0.default.hello.u.1", content);
        api.subscribe("_INBOX.gateway.>");
        api.publish("$JS.API.STREAM.DELETE.OBJ_kappa-packages", new byte[0]);
        api.flush(Duration.ofSeconds(2));
        assertThatThrownBy(() -> api.jetStreamManagement()
                        .addStream(StreamConfiguration.builder()
                                .name("kappa-queue-0")
                                .subjects("kappa.queue.0.default.hello.u.1")
                                .build()))
                .isInstanceOf(java.io.IOException.class);
        awaitRefusals(refused, "kappa.queue.0.default.hello.u.1", "_inbox.gateway", "stream.delete", "stream.create");
    }

    @Test
    void sourcesCompareAndSetTheirKeysAndDoNothingElse() throws Exception {
        try (NatsLink link = new NatsLink(new NatsAccess(server.url(), 1, "sources", "k0"))) {
            link.start();
            NatsKeyStore keys = new NatsKeyStore(link, "kappa-sources");
            long first = 0;
            for (int tries = 0; first == 0; tries++) {
                try {
                    assertThat(keys.find("leader")).isEmpty();
                    assertThat(keys.all()).isEmpty();
                    first = keys.write("leader", "1 one", 0).orElseThrow();
                } catch (java.io.IOException e) {
                    if (tries > 100) {
                        throw e;
                    }
                    Thread.sleep(50);
                }
            }
            assertThat(keys.write("leader", "1 other", 0)).isEmpty();
            long second = keys.write("leader", "2 one", first).orElseThrow();
            assertThat(keys.write("leader", "2 other", first)).isEmpty();
            assertThat(keys.find("leader")).contains(new KeyStore.Value("2 one", second));
            keys.write("schedule.u1", "{}", 0);
            assertThat(keys.all()).containsExactlyInAnyOrder("leader", "schedule.u1");
            keys.remove("schedule.u1");
            assertThat(keys.find("schedule.u1")).isEmpty();
            assertThat(keys.all()).containsExactly("leader");
            assertThat(keys.write("schedule.u1", "{}", 0)).isPresent();
        }
        List<String> refused = new CopyOnWriteArrayList<>();
        Connection sources = connect("sources", "k0", refused);
        sources.publish("kappa.queue.0.default.hello.u.1", new byte[0]);
        sources.publish("$KV.kappa-outcomes.default.hello.x", new byte[0]);
        sources.subscribe("$KV.>");
        sources.publish("$JS.API.STREAM.DELETE.KV_kappa-sources", new byte[0]);
        sources.flush(Duration.ofSeconds(2));
        awaitRefusals(refused, "kappa.queue", "kappa-outcomes", "subscription", "stream.delete");
    }

    @Test
    void theGatewayDoesNotReachTheServersThemselves() throws Exception {
        List<String> refused = new CopyOnWriteArrayList<>();
        Connection gateway = connect("gateway", "k0", refused);
        gateway.publish("$SYS.REQ.SERVER.PING.CONNZ", new byte[0]);
        gateway.publish("_INBOX.api.x", new byte[0]);
        gateway.subscribe("kappa.queue.>");
        gateway.flush(Duration.ofSeconds(2));
        assertThat(gateway.request("kappa.servers", new byte[0], Duration.ofSeconds(2)))
                .isNotNull();
        awaitRefusals(refused, "$sys.req", "_inbox.api", "kappa.queue");
    }

    /** The client tells of them on a thread of its own. */
    private static void awaitRefusals(List<String> refused, String... subjects) throws InterruptedException {
        for (String subject : subjects) {
            for (int tries = 0;
                    tries < 200
                            && refused.stream()
                                    .noneMatch(it -> it.toLowerCase(Locale.ROOT).contains(subject));
                    tries++) {
                Thread.sleep(50);
            }
            assertThat(refused)
                    .as(subject)
                    .anyMatch(it -> it.toLowerCase(Locale.ROOT).contains(subject));
        }
    }

    private Options.Builder options() {
        return Options.builder()
                .server(server.url())
                .connectionTimeout(Duration.ofSeconds(2))
                .errorListener(new ErrorListener() {});
    }

    private Connection connect(String user, String password) throws Exception {
        return connect(user, password, new CopyOnWriteArrayList<>());
    }

    private Connection connect(String user, String password, List<String> errors) throws Exception {
        Connection connection = Nats.connect(options()
                .userInfo(user, password)
                .inboxPrefix("_INBOX." + user + ".")
                .errorListener(new ErrorListener() {
                    @Override
                    public void errorOccurred(Connection source, String error) {
                        errors.add(error);
                    }
                })
                .build());
        connections.add(connection);
        return connection;
    }
}
