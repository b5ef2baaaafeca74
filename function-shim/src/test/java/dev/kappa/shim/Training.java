package dev.kappa.shim;

import dev.kappa.shim.handlers.Actor;
import dev.kappa.shim.handlers.Shapes;
import dev.kappa.shim.handlers.Trainee;
import dev.kappa.wire.Wire;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Lets a shim serve events of every kind while its image is built, so that the AOT cache knows what it will need. */
public final class Training {
    private static final int EVENTS = 300;

    private Training() {}

    /**
     * Trains one shim and lets it end.
     *
     * @param arguments the runtime, and the command line of the shim
     */
    public static void main(String[] arguments) throws Exception {
        String runtime = arguments[0];
        List<String> command = List.of(arguments).subList(1, arguments.length);
        Path folder = Files.createTempDirectory("training");
        byte[] code = switch (runtime) {
            case "java25" ->
                FakeGateway.zipOf(
                        Trainee.class,
                        Trainee.Basket.class,
                        Trainee.Receipt.class,
                        Actor.class,
                        Shapes.class,
                        Shapes.Order.class,
                        Shapes.Base.class,
                        Shapes.Orders.class,
                        Shapes.Streams.class);
            case "python3.13" -> FakeGateway.zip(Map.of("app.py", """
                        def handler(event, context):
                            print("hello")
                            if event.get("do") == "fail":
                                raise ValueError("as asked")
                            return {"echo": event}
                        """));
            case "image" -> new byte[0];
            default -> FakeGateway.zip(Map.of("app.js", """
                        exports.handler = async (event) => {
                          console.log("hello");
                          if (event.do === "fail") throw new RangeError("as asked");
                          return { echo: event };
                        };
                        """));
        };
        String handler = runtime.equals("java25") ? Trainee.class.getName() : "app.handler";
        Map<String, String> env =
                new HashMap<>(Map.of("LAMBDA_RUNTIME_DIR", "/var/runtime", "KAPPA_TIMEOUT_MS", "60000"));
        if (runtime.equals("image")) {
            env.putAll(Map.of("KAPPA_CODE_SHA256", "", "KAPPA_RUNTIME_API_PORT", "9001"));
            TrainingRuntime.start(URI.create("http://127.0.0.1:9001"));
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
