package dev.kappa.shim.java;

import dev.kappa.shim.core.InitError;
import dev.kappa.shim.core.Json;
import dev.kappa.shim.core.Outcome;
import java.util.ArrayList;
import java.util.List;

/** Throwables in the shape in which Lambda's Java runtime reports them. */
public final class JavaErrors {
    private static final int DEEPEST_CAUSE = 20;

    private JavaErrors() {}

    public static Outcome.Failure outcome(Throwable thrown) {
        return new Outcome.Failure(thrown.getClass().getName(), json(thrown, 0).bytes());
    }

    public static InitError initError(Throwable thrown) {
        String message = thrown.getMessage();
        return new InitError(
                thrown.getClass().getName(),
                message == null ? "" : message,
                json(thrown, 0).bytes());
    }

    private static Json json(Throwable thrown, int depth) {
        Json json = new Json()
                .put("errorMessage", thrown.getMessage())
                .put("errorType", thrown.getClass().getName())
                .put("stackTrace", frames(thrown));
        Throwable cause = thrown.getCause();
        if (cause != null && depth < DEEPEST_CAUSE) {
            json.put("cause", json(cause, depth + 1));
        }
        return json;
    }

    /** The handler's own frames: what called it is ours. */
    private static List<String> frames(Throwable thrown) {
        List<String> frames = new ArrayList<>();
        for (StackTraceElement frame : thrown.getStackTrace()) {
            if (frame.getClassName().startsWith("dev.kappa.shim.")) {
                break;
            }
            if (!frame.getClassName().startsWith("jdk.internal.reflect.")) {
                frames.add(frame.getClassName() + "." + frame.getMethodName() + "(" + place(frame) + ")");
            }
        }
        return frames;
    }

    private static String place(StackTraceElement frame) {
        String file = frame.getFileName();
        if (frame.isNativeMethod()) {
            return "Native Method";
        }
        if (file == null) {
            return "Unknown Source";
        }
        return frame.getLineNumber() < 0 ? file : file + ":" + frame.getLineNumber();
    }
}
