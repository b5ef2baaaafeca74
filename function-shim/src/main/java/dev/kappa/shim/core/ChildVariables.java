package dev.kappa.shim.core;

import java.util.List;
import java.util.Map;

/** The environment variables of a process that the shim starts. */
public final class ChildVariables {
    /** Before the names of variables that the entrypoint keeps from this JVM and for the handler. */
    private static final String GIVEN = "KAPPA_GIVEN_";

    private ChildVariables() {}

    /**
     * Makes the shim's environment the child's.
     *
     * @param api host and port of the Runtime API
     */
    public static void put(Map<String, String> env, Settings settings, String api) {
        if (!settings.isJava()) {
            env.remove("LANG"); // the shim's own; the entrypoint keeps the function's with the others that it gives on
        }
        for (String name : List.copyOf(env.keySet())) {
            if (name.startsWith(GIVEN)) {
                env.put(name.substring(GIVEN.length()), env.get(name));
            }
        }
        env.keySet().removeIf(name -> name.startsWith("KAPPA_"));
        env.putAll(settings.lambdaEnvironment());
        env.put("AWS_LAMBDA_RUNTIME_API", api);
    }
}
