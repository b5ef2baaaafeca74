package dev.kappa.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import software.amazon.eventstream.Message;

/** An answer of InvokeWithResponseStream, read message by message with AWS' decoder. */
final class Streamed implements AutoCloseable {
    private final DataInputStream in;

    Streamed(String function, String payload) throws IOException, InterruptedException {
        HttpResponse<InputStream> response = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .build()
                .send(
                        HttpRequest.newBuilder(URI.create(Cluster.shared().endpoint() + "/2021-11-15/functions/"
                                        + function + "/response-streaming-invocations"))
                                .timeout(Duration.ofSeconds(60))
                                .header(
                                        "Authorization",
                                        Identity.administrator().bearer())
                                .POST(BodyPublishers.ofString(payload))
                                .build(),
                        BodyHandlers.ofInputStream());
        assertThat(response.statusCode()).isEqualTo(200);
        in = new DataInputStream(response.body());
    }

    private String next(String type) throws IOException {
        int length = in.readInt();
        byte[] bytes = new byte[length];
        ByteBuffer.wrap(bytes).putInt(length);
        in.readFully(bytes, Integer.BYTES, length - Integer.BYTES);
        Message message = Message.decode(ByteBuffer.wrap(bytes));
        String payload = new String(message.getPayload(), StandardCharsets.UTF_8);
        assertThat(message.getHeaders().get(":event-type").getString())
                .as(payload)
                .isEqualTo(type);
        return payload;
    }

    String chunk() throws IOException {
        return next("PayloadChunk");
    }

    /** What the end tells, as JSON. */
    String complete() throws IOException {
        String complete = next("InvokeComplete");
        assertThat(in.read()).as("something behind the end").isNegative();
        return complete;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
