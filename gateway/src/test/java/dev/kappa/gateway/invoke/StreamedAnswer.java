package dev.kappa.gateway.invoke;

import io.vertx.core.json.JsonObject;
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
import java.util.concurrent.TimeUnit;
import software.amazon.eventstream.Message;

/** An answer of InvokeWithResponseStream, read message by message with AWS' own decoder. */
final class StreamedAnswer implements AutoCloseable {
    final HttpResponse<InputStream> response;
    private final DataInputStream in;

    StreamedAnswer(String url, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(url + "/2021-11-15/functions/hello/response-streaming-invocations"))
                .timeout(Duration.ofSeconds(60))
                .POST(BodyPublishers.ofString("1"));
        if (headers.length > 0) {
            request.headers(headers);
        }
        response = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .build()
                .sendAsync(request.build(), BodyHandlers.ofInputStream())
                .get(60, TimeUnit.SECONDS);
        in = new DataInputStream(response.body());
    }

    /** The next message; checks its checksums. */
    private Message next() throws IOException {
        int length = in.readInt();
        byte[] bytes = new byte[length];
        ByteBuffer.wrap(bytes).putInt(length);
        in.readFully(bytes, 4, length - 4);
        return Message.decode(ByteBuffer.wrap(bytes));
    }

    private byte[] payloadOf(String type) throws IOException {
        Message message = next();
        String seen = java.util.Objects.requireNonNull(message.getHeaders().get(":event-type"))
                .getString();
        if (!seen.equals(type)) {
            throw new AssertionError("a " + seen + ": " + new String(message.getPayload(), StandardCharsets.UTF_8));
        }
        return message.getPayload();
    }

    byte[] chunkBytes() throws IOException {
        return payloadOf("PayloadChunk");
    }

    String chunk() throws IOException {
        return new String(chunkBytes(), StandardCharsets.UTF_8);
    }

    /** The end, behind which there is nothing. */
    JsonObject complete() throws IOException {
        JsonObject complete = new JsonObject(new String(payloadOf("InvokeComplete"), StandardCharsets.UTF_8));
        if (in.read() >= 0) {
            throw new AssertionError("something behind the end");
        }
        return complete;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
