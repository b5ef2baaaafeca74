package dev.kappa.e2e.handlers;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Uses a class of a layer, a property that a wrapper sets, and a file of its package whose name is not ASCII. */
public final class LayeredHandler implements RequestHandler<Map<String, Object>, String> {
    @Override
    public String handleRequest(Map<String, Object> event, Context context) {
        try {
            return SharedGreeting.greet() + ", " + System.getProperty("wrapped") + ", "
                    + Files.readString(Path.of("/var/task/größe-工具.txt"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
