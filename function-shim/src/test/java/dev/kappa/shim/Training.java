package dev.kappa.shim;

import dev.kappa.shim.handlers.Actor;
import dev.kappa.shim.handlers.Shapes;
import dev.kappa.shim.handlers.Trainee;
import dev.kappa.wire.Wire;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Lets a shim serve events of every kind while its image is built, so that the AOT cache knows what it will need. */
public final class Training {
    private static final int EVENTS = 300;
    private static final Path CODE = Path.of("/training/code");

    private Training() {}

    /**
     * Trains one shim and lets it end.
     *
     * @param arguments the runtime, the handler, and the command line of the shim
     */
    public static void main(String[] arguments) throws Exception {
        String runtime = arguments[0];
        String handler = arguments[1];
        String kind = System.getenv("KAPPA_RUNTIME_KIND");
        List<String> command = List.of(arguments).subList(2, arguments.length);
        Path folder = Files.createTempDirectory("training");
        Map<String, String> env =
                new HashMap<>(Map.of("LAMBDA_RUNTIME_DIR", "/var/runtime", "KAPPA_TIMEOUT_MS", "60000"));
        byte[] code = new byte[0];
        if (kind.equals("java")) {
            code = FakeGateway.zipOf(
                    Trainee.class,
                    Trainee.Basket.class,
                    Trainee.Receipt.class,
                    Actor.class,
                    Shapes.class,
                    Shapes.Order.class,
                    Shapes.Base.class,
                    Shapes.Orders.class,
                    Shapes.Streams.class);
        } else if (kind.equals("container")) {
            env.putAll(Map.of("KAPPA_CODE_SHA256", "", "KAPPA_RUNTIME_API_PORT", "9001"));
            TrainingRuntime.start(URI.create("http://127.0.0.1:9001"));
        } else {
            code = FakeGateway.zipOfBytes(files(CODE));
        }
        try (FakeGateway gateway = new FakeGateway(code);
                ShimProcess shim = new ShimProcess(gateway, folder, command, runtime, handler, env)) {
            serve(shim);
            shim.terminate();
            int status = shim.awaitExit();
            System.out.println(shim.log());
            if (status != 0) {
                throw new IllegalStateException("the shim ended with status " + status);
            }
        }
    }

    private static Map<String, byte[]> files(Path folder) throws IOException {
        Map<String, byte[]> files = new HashMap<>();
        try (Stream<Path> all = Files.list(folder)) {
            for (Path file : (Iterable<Path>) all::iterator) {
                files.put(file.getFileName().toString(), Files.readAllBytes(file));
            }
        }
        return files;
    }

    private static void serve(ShimProcess shim) throws Exception {
        if (shim.awaitHello().get("initErrorType") != null) {
            throw new IllegalStateException("the handler cannot be loaded:\n" + shim.log());
        }
        for (int i = 0; i < EVENTS; i++) {
            expect(null, shim.invoke("{\"number\":" + i + ",\"items\":[1,2.5,true,null,{\"a\":\"ä\"}]}"));
        }
        expect("Unhandled", shim.invoke("{\"do\":\"fail\"}"));
        for (String path : Arrays.asList(Wire.STATE, Wire.METRICS, "/healthz", Wire.FATE + "?id=none")) {
            shim.get(path);
        }
    }

    private static void expect(@Nullable String error, ShimProcess.Reply reply) {
        if (reply.status() != 200 || !Objects.equals(error, reply.error())) {
            throw new IllegalStateException("unexpected answer " + reply);
        }
    }
}
