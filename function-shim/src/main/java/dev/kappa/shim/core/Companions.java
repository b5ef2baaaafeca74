package dev.kappa.shim.core;

import dev.kappa.shim.http.Exchange;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What runs beside the handlers and takes part in their life: Lambda's extensions. */
public interface Companions {
    /**
     * Starts those that are processes of their own and waits until they have registered; once.
     *
     * @param api host and port of the API that they call
     * @return why the initialisation fails, null if it goes on
     */
    @Nullable
    InitError begin(String api) throws InterruptedException;

    /** Whether this process makes the second attempt to initialise handlers that have companions. */
    boolean isSecondAttempt();

    /** The first attempt took too long: the second one is the next process'. */
    void tryAgain();

    /** Answers a call of theirs, and every other call that the Runtime API does not know. */
    void handle(Exchange exchange) throws IOException;

    /** Whether there are any, so that handlers are replaced together with them. */
    boolean any();

    /** Ids of their processes, which do not belong to the handlers. */
    Set<Long> processes();

    /** The processes' environment, of which handlers have some more. */
    static boolean isOfHandlersOnly(String variable) {
        return switch (variable) {
            case "AWS_EXECUTION_ENV",
                    "AWS_LAMBDA_LOG_GROUP_NAME",
                    "AWS_LAMBDA_LOG_STREAM_NAME",
                    "AWS_XRAY_CONTEXT_MISSING",
                    "AWS_XRAY_DAEMON_ADDRESS",
                    "LAMBDA_RUNTIME_DIR",
                    "LAMBDA_TASK_ROOT" -> true;
            default -> variable.startsWith("_");
        };
    }
}
