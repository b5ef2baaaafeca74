package dev.kappa.e2e.handlers;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/** Answers what the conformance suite asks, in Java. */
public final class Conformance implements RequestHandler<Map<String, Object>, Object> {
    private int count;

    @Override
    public Object handleRequest(Map<String, Object> event, Context context) {
        count++;
        try {
            return switch ((String) event.get("do")) {
                case "echo" -> event.get("value");
                case "context" -> context(context);
                case "custom" -> context.getClientContext().getCustom();
                case "env" -> System.getenv((String) event.get("name"));
                case "trace" -> System.getProperty("com.amazonaws.xray.traceHeader");
                case "count" -> count;
                case "fail" -> throw new IllegalArgumentException("as asked");
                case "exit" -> {
                    System.exit(3);
                    yield null;
                }
                case "sleep" -> {
                    Thread.sleep(60_000);
                    yield null;
                }
                case "print" -> {
                    for (int i = 0; i < (int) event.get("lines"); i++) {
                        System.out.println("line " + i);
                    }
                    yield null;
                }
                case "big" -> "x".repeat((int) event.get("size"));
                case "keep" -> {
                    Path kept = Path.of("/tmp/kept");
                    Files.writeString(kept, "x", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                    yield Files.size(kept);
                }
                case "leave" -> {
                    new ProcessBuilder("setsid", "sleep", "7655").start();
                    yield null;
                }
                default -> throw new IllegalStateException("unknown " + event);
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    private static Map<String, Object> context(Context context) {
        return Map.of(
                "id", context.getAwsRequestId(),
                "name", context.getFunctionName(),
                "version", context.getFunctionVersion(),
                "memory", context.getMemoryLimitInMB(),
                "arn", context.getInvokedFunctionArn(),
                "group", context.getLogGroupName(),
                "stream", context.getLogStreamName(),
                "remaining", context.getRemainingTimeInMillis());
    }
}
