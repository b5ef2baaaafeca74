package dev.kappa.shim.handlers;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes its answer in two pieces, and waits between them for the file that the event names. */
public final class StreamActor implements RequestStreamHandler {
    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        String event = new String(input.readAllBytes(), StandardCharsets.UTF_8);
        output.write("first".getBytes(StandardCharsets.UTF_8));
        if (event.equals("\"fail\"")) {
            throw new IllegalStateException("as asked");
        }
        if (event.equals("\"exit\"")) {
            System.exit(3);
        }
        int go = event.indexOf("/");
        while (go >= 0 && !Files.exists(Path.of(event.substring(go, event.indexOf('"', go))))) {
            try {
                Thread.sleep(5);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
        for (char c : "last".toCharArray()) {
            output.write(c);
        }
    }
}
