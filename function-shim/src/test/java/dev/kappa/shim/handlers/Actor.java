package dev.kappa.shim.handlers;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Does what the event says. */
public final class Actor implements RequestHandler<Map<String, Object>, Object> {
    private static final List<byte[]> KEPT = new ArrayList<>();

    @Override
    public Object handleRequest(Map<String, Object> event, Context context) {
        if (event.get("leave") instanceof String script) {
            leave(script);
        }
        switch (String.valueOf(event.get("do"))) {
            case "fail" -> throw new IllegalStateException("as asked");
            case "sleep" -> sleep(((Number) event.getOrDefault("ms", 60_000)).longValue());
            case "exit" -> System.exit(3);
            case "halt" -> Runtime.getRuntime().halt(9);
            case "fill" -> {
                for (; ; ) {
                    KEPT.add(new byte[1 << 20]);
                }
            }
            case "large" -> {
                return "x".repeat(7 << 20);
            }
            case "option" -> {
                return ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                        .getVMOption(String.valueOf(event.get("name")))
                        .getValue();
            }
            case "environment" -> {
                return Map.of(
                        "env", System.getenv(),
                        "zone",
                                ZoneId.systemDefault()
                                        .getRules()
                                        .getOffset(Instant.ofEpochSecond(1_700_000_000))
                                        .getId()
                                        .replace(":", "")
                                        .replace("Z", "+0000"));
            }
            case "context" -> {
                System.out.println("printed");
                context.getLogger().log("logged");
                return Map.of(
                        "id", context.getAwsRequestId(),
                        "arn", context.getInvokedFunctionArn(),
                        "version", context.getFunctionVersion(),
                        "remaining", context.getRemainingTimeInMillis(),
                        "custom", context.getClientContext().getCustom(),
                        "variable", String.valueOf(System.getenv("AWS_LAMBDA_FUNCTION_NAME")));
            }
            default -> {
                return Map.of("echo", event);
            }
        }
        return "done";
    }

    /** Starts a shell script in a session of its own, with nothing of this process' environment. */
    private static void leave(String script) {
        try {
            ProcessBuilder builder = new ProcessBuilder("/usr/bin/setsid", "/bin/sh", "-c", script);
            builder.environment().clear();
            builder.redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            Thread.sleep(300);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void sleep(long ms) {
        try {
            Thread.sleep(ms);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
