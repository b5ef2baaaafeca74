package dev.kappa.wire;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import org.jspecify.annotations.Nullable;

/**
 * What a shim tells the gateway the moment its handler is initialised, or could not be.
 *
 * @param namespace namespace of the function
 * @param function name of the function
 * @param version {@code $LATEST} or a number
 * @param revision the {@code kappa.dev/revision} of the pod: which code and configuration it runs
 * @param pod name of the pod
 * @param address {@code host:port} of the shim's listener
 * @param capacity events that it admits at once ({@code concurrency.perInstance})
 * @param processStartedAtMs when the container's first process started, epoch milliseconds
 * @param initStartedAtMs when the handler's initialisation began (package fetched), epoch milliseconds
 * @param initializedAtMs when it ended, epoch milliseconds
 * @param initErrorType Lambda's errorType if the handler cannot be loaded, else null; the first events still are
 *     dispatched and answer with that error
 * @param initErrorMessage the errorMessage that goes with it, else null
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Hello(
        String namespace,
        String function,
        String version,
        String revision,
        String pod,
        String address,
        int capacity,
        long processStartedAtMs,
        long initStartedAtMs,
        long initializedAtMs,
        @Nullable String initErrorType,
        @Nullable String initErrorMessage) {}
