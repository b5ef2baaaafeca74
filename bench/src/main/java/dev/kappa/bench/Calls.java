package dev.kappa.bench;

import dev.kappa.wire.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;

/**
 * The two ways to a function: through the gateway, and to an instance itself.
 *
 * @param gateway host of the gateway's public Service
 * @param namespace of the functions
 */
record Calls(String gateway, String namespace) {
    static final int GATEWAY_PORT = 8080;
    private static final byte[] EVENT =
            "{\"name\":\"Ada\",\"do\":\"echo\",\"value\":1}".getBytes(StandardCharsets.UTF_8);

    /** Sends one kind of request over one connection. */
    interface Caller extends AutoCloseable {
        Connection.Answer call() throws IOException;

        @Override
        void close() throws IOException;
    }

    /** An event of about so many bytes. */
    static byte[] event(int bytes) {
        return ("{\"name\":\"Ada\",\"more\":\"" + "x".repeat(bytes - 24) + "\"}").getBytes(StandardCharsets.UTF_8);
    }

    Caller throughGateway(String function) throws IOException {
        return throughGateway(function, EVENT);
    }

    Caller throughGateway(String function, byte[] event) throws IOException {
        Connection connection = new Connection(gateway, GATEWAY_PORT);
        byte[] request = connection.request(
                "POST",
                "/2015-03-31/functions/" + function + "." + namespace + "/invocations",
                Identity.with(Map.of()),
                event);
        return caller(connection, request);
    }

    /** A server that knows nothing of Kappa. */
    static Caller plain(String address, byte[] event) throws IOException {
        Connection connection = new Connection(address, Servers.PORT);
        return caller(connection, connection.request("POST", "/", Map.of(), event));
    }

    static Caller direct(String podIp, String token, String function, byte[] event) throws IOException {
        Connection connection = new Connection(podIp, Wire.SHIM_PORT);
        byte[] request = connection.request(
                "POST",
                Wire.INVOKE,
                Map.of(
                        Wire.TOKEN,
                        token,
                        Wire.REQUEST_ID,
                        UUID.randomUUID().toString(),
                        Wire.INVOKED_ARN,
                        "arn:aws:lambda:us-east-1:000000000000:function:" + function),
                event);
        return caller(connection, request);
    }

    private static Caller caller(Connection connection, byte[] request) {
        return new Caller() {
            @Override
            public Connection.Answer call() throws IOException {
                Connection.Answer answer = connection.send(request);
                if (answer.status() != 200 || answer.headers().containsKey("x-amz-function-error")) {
                    throw new IOException("status " + answer.status() + ": " + answer.body());
                }
                return answer;
            }

            @Override
            public void close() throws IOException {
                connection.close();
            }
        };
    }
}
