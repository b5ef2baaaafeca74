package dev.kappa.shim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kappa.wire.InstanceToken;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Credentials of the execution role, as an SDK in a handler asks for them. */
@Timeout(180)
class RoleTest {
    private static final String OF_HANDLER = InstanceToken.ofHandler(FakeGateway.SECRET);

    @Test
    void aHandlerGetsTheCredentialsOfItsInstanceAndNobodyElseDoes(@TempDir Path folder) throws Exception {
        Map<String, String> files = Map.of("app.py", "def handler(event, context): pass");
        try (FakeGateway gateway = new FakeGateway(FakeGateway.zip(files));
                ShimProcess shim = new ShimProcess(gateway, folder, "python3.13", "app.handler", Map.of())) {
            shim.awaitHello();
            assertThat(gateway.asked()).as("before a handler asks").isEmpty();
            assertThat(shim.role("127.0.0.1", "guess").status()).isEqualTo(403);
            assertThat(shim.role("127.0.0.1", FakeGateway.token()).status()).isEqualTo(403);
            Optional<InetAddress> outside = ofThisMachine();
            if (outside.isPresent()) {
                assertThat(shim.role(outside.get().getHostAddress(), OF_HANDLER).status())
                        .as("from another address")
                        .isEqualTo(403);
            }
            assertThat(gateway.asked()).isEmpty();

            ShimProcess.Reply answer = shim.role("127.0.0.1", OF_HANDLER);

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo(FakeGateway.CREDENTIALS);
            assertThat(gateway.asked().getLast())
                    .isEqualTo(Map.of("namespace", "default", "function", "fn", "version", "7", "pod", "pod-a"));
        }
    }

    private static Optional<InetAddress> ofThisMachine() throws Exception {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(it -> it instanceof Inet4Address && !it.isLoopbackAddress())
                .findFirst();
    }
}
