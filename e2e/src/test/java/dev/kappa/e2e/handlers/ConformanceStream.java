package dev.kappa.e2e.handlers;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Writes its answer in two pieces, or in one and an error. */
public final class ConformanceStream implements RequestStreamHandler {
    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        String event = new String(input.readAllBytes(), StandardCharsets.UTF_8);
        output.write("first".getBytes(StandardCharsets.UTF_8));
        if (event.contains("\"value\":true")) {
            throw new IllegalArgumentException("as asked");
        }
        try {
            Thread.sleep(Long.parseLong(event.replaceAll("(?s).*\"pause\":(\\d+).*", "$1")));
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        output.write("last".getBytes(StandardCharsets.UTF_8));
    }
}
