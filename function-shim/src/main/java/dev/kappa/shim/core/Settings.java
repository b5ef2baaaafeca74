package dev.kappa.shim.core;

import dev.kappa.wire.Wire;
import java.net.URI;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the operator tells the shim through its environment, checked once at the start.
 *
 * @param function name of the resource
 * @param functionName as handlers see it
 * @param kind where handlers run: {@code java}, in this JVM; {@code process}, in a process for each event at once; {@code
 *     shared}, in one process for all; {@code container}, in another container, from the user's own image
 * @param timeoutMs longest run of one event, and longest second attempt to initialise the handler
 * @param initLimitMs longest first attempt to initialise the handler; Lambda's unless a test sets another
 * @param capacity events admitted at once
 * @param codeSha256 digest of the code package, null if the code is part of the image
 * @param layers digests of the layers' packages, in the order in which they are unpacked
 * @param gateway base address of the gateway's internal listener, without a slash at the end
 * @param taskRoot where the code lies
 * @param layersRoot where the layers lie, /opt
 * @param runtimeDir where the language's {@code bootstrap} lies
 * @param stateDir what outlives a replaced environment, in the container's /tmp
 * @param port where to listen, 0 for any free one
 * @param runtimeApiPort where the Runtime API listens on loopback, 0 for any free one
 * @param lastExit exit status of the predecessor in this container, null for the first process
 * @param accountId of the function's ARN, null if nobody said
 * @param wrapper what this JVM is yet to be started by, since the handler runs in it ({@code AWS_LAMBDA_EXEC_WRAPPER}); null if
 *     nothing is
 * @param firstProcess whether the supervisor is the first process of a namespace, in which nothing else runs but handlers
 */
public record Settings(
        String namespace,
        String function,
        String functionName,
        String version,
        String revision,
        String pod,
        String podIp,
        String runtime,
        String kind,
        String handler,
        long timeoutMs,
        long initLimitMs,
        int memoryMb,
        int capacity,
        @Nullable String codeSha256,
        List<String> layers,
        String gateway,
        String secret,
        String region,
        String logStream,
        Path taskRoot,
        Path layersRoot,
        Path runtimeDir,
        Path stateDir,
        int port,
        int runtimeApiPort,
        @Nullable Integer lastExit,
        @Nullable String accountId,
        @Nullable Path wrapper,
        boolean firstProcess) {
    private static final int INIT_LIMIT_MS = 10_000;

    /**
     * Reads the environment.
     *
     * @throws IllegalArgumentException naming the variable that is missing or malformed
     */
    public static Settings from(Map<String, String> env) {
        String function = required(env, "KAPPA_FUNCTION");
        String version = required(env, "KAPPA_VERSION");
        String pod = required(env, "KAPPA_POD");
        String sha256 = env.getOrDefault("KAPPA_CODE_SHA256", "");
        String lastExit = env.getOrDefault("KAPPA_LAST_EXIT", "");
        String gateway = required(env, "KAPPA_GATEWAY_URL");
        return new Settings(
                required(env, "KAPPA_NAMESPACE"),
                function,
                env.getOrDefault("KAPPA_FUNCTION_NAME", function),
                version,
                required(env, "KAPPA_REVISION"),
                pod,
                required(env, "KAPPA_POD_IP"),
                required(env, "KAPPA_RUNTIME"),
                required(env, "KAPPA_RUNTIME_KIND"),
                env.getOrDefault("KAPPA_HANDLER", ""),
                number(env, "KAPPA_TIMEOUT_MS", 3_000, 1),
                number(env, "KAPPA_INIT_LIMIT_MS", INIT_LIMIT_MS, 1),
                number(env, "KAPPA_MEMORY_MB", 128, 1),
                number(env, "KAPPA_PER_INSTANCE", 1, 1),
                sha256.isEmpty() ? null : sha256,
                layers(env),
                URI.create(gateway.endsWith("/") ? gateway.substring(0, gateway.length() - 1) : gateway)
                        .toString(),
                required(env, "KAPPA_VERSION_SECRET"),
                env.getOrDefault("KAPPA_REGION", "us-east-1"),
                env.getOrDefault("AWS_LAMBDA_LOG_STREAM_NAME", logStream(version, pod)),
                Path.of(env.getOrDefault("LAMBDA_TASK_ROOT", "/var/task")).toAbsolutePath(),
                Path.of(env.getOrDefault("KAPPA_LAYERS_ROOT", "/opt")).toAbsolutePath(),
                Path.of(env.getOrDefault("LAMBDA_RUNTIME_DIR", "/var/runtime")).toAbsolutePath(),
                Path.of(env.getOrDefault("KAPPA_STATE_DIR", "/tmp/.kappa")).toAbsolutePath(),
                number(env, "KAPPA_PORT", Wire.SHIM_PORT, 0),
                number(env, "KAPPA_RUNTIME_API_PORT", 0, 0),
                lastExit.isEmpty() ? null : number(env, "KAPPA_LAST_EXIT", 0, 0),
                env.get("KAPPA_ACCOUNT_ID"),
                wrapper(env),
                env.getOrDefault("KAPPA_SUPERVISOR", "").equals("1"));
    }

    /** Longest initialisation of an image's process, which cannot be started again here: it has both attempts' time at once. */
    public long imageInitLimitMs() {
        return initLimitMs + timeoutMs;
    }

    /** Whether the handler runs in this JVM. */
    public boolean isJava() {
        return kind.equals("java");
    }

    /** Whether one process of the runtime takes many events at once, as AWS has it for Node.js. */
    public boolean sharesProcess() {
        return kind.equals("shared");
    }

    /** Processes that run handlers, beside the shim. */
    public int processes() {
        return isJava() || sharesProcess() ? 1 : capacity;
    }

    /** Whether the handler runs in another container, from the user's own image. */
    public boolean isImage() {
        return kind.equals("container");
    }

    public String logGroup() {
        return "/aws/lambda/" + functionName;
    }

    /**
     * The variables of Lambda's environment that users may not set, as far as they do not differ between the children of one
     * pod; a manifest that gives one of them is refused. What Lambda sets and users may set (TZ, LANG, PATH,
     * LD_LIBRARY_PATH) is the entrypoint's and the image's.
     */
    public Map<String, String> lambdaEnvironment() {
        Map<String, String> lambda = new LinkedHashMap<>();
        lambda.put("AWS_LAMBDA_FUNCTION_NAME", functionName);
        lambda.put("AWS_LAMBDA_FUNCTION_VERSION", version);
        lambda.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", Integer.toString(memoryMb));
        lambda.put("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand");
        lambda.put("AWS_LAMBDA_LOG_GROUP_NAME", logGroup());
        lambda.put("AWS_LAMBDA_LOG_STREAM_NAME", logStream);
        lambda.put("AWS_REGION", region);
        lambda.put("AWS_DEFAULT_REGION", region);
        lambda.put("_HANDLER", handler);
        lambda.put("LAMBDA_TASK_ROOT", taskRoot.toString());
        lambda.put("LAMBDA_RUNTIME_DIR", runtimeDir.toString());
        if (!runtime.startsWith("provided")) {
            lambda.put("AWS_EXECUTION_ENV", "AWS_Lambda_" + runtime);
        }
        return lambda;
    }

    private static @Nullable Path wrapper(Map<String, String> env) {
        String path = env.getOrDefault("AWS_LAMBDA_EXEC_WRAPPER", "");
        boolean its = env.getOrDefault("KAPPA_RUNTIME_KIND", "").equals("java") && !env.containsKey("KAPPA_WRAPPED");
        return its && !path.isEmpty() ? Path.of(path) : null;
    }

    private static List<String> layers(Map<String, String> env) {
        String layers = env.getOrDefault("KAPPA_LAYERS", "");
        return layers.isEmpty() ? List.of() : List.of(layers.split(",", -1));
    }

    private static String logStream(String version, String pod) {
        return LocalDate.now(ZoneOffset.UTC).toString().replace('-', '/') + "/[" + version + "]" + pod;
    }

    private static String required(Map<String, String> env, String name) {
        String value = env.get(name);
        if (value == null || value.isEmpty()) {
            throw new IllegalArgumentException(name + " is not set; the operator puts it into the pod template");
        }
        return value;
    }

    private static int number(Map<String, String> env, String name, int otherwise, int minimum) {
        String text = env.get(name);
        if (text == null || text.isEmpty()) {
            return otherwise;
        }
        try {
            int value = Integer.parseInt(text);
            if (value >= minimum) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " is '" + text + "', not a whole number", e);
        }
        throw new IllegalArgumentException(name + " is " + text + ", less than " + minimum);
    }
}
