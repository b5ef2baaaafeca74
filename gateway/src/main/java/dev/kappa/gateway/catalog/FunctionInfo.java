package dev.kappa.gateway.catalog;

import dev.kappa.lambda.policy.Statement;
import dev.kappa.stores.events.Target;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What invocation needs of a Function.
 *
 * @param namespace its namespace
 * @param name its name
 * @param timeoutSeconds after how many seconds an event is stopped
 * @param reserved limit of concurrent events over all versions, null for none
 * @param revision what new events of {@code $LATEST} run on, null if there is none yet
 * @param notReady message of its Ready condition if that is False, else null
 * @param noPods why none of its instances can start, in the words of a condition; null if nothing hinders them
 * @param async how its asynchronous events are treated, null for Lambda's defaults
 * @param deadLetter where the payload goes of an event of {@code $LATEST} that was given up, null for nowhere else
 * @param payloadOfSeat bytes of payload that an instance bears for each event that it runs at once
 * @param uid by which it differs from an earlier function of its name; empty if it is not known
 * @param policy who may invoke it besides those whom RBAC lets
 * @param url how it is called by HTTP clients, null if it is not
 */
public record FunctionInfo(
        String namespace,
        String name,
        int timeoutSeconds,
        @Nullable Integer reserved,
        @Nullable String revision,
        @Nullable String notReady,
        @Nullable String noPods,
        @Nullable AsyncSettings async,
        @Nullable Target deadLetter,
        int payloadOfSeat,
        String uid,
        List<Statement> policy,
        @Nullable UrlSettings url) {
    /** Keeps the statements. */
    public FunctionInfo {
        policy = List.copyOf(policy);
    }

    /**
     * A function without settings for asynchronous events.
     *
     * @param namespace its namespace
     * @param name its name
     * @param timeoutSeconds after how many seconds an event is stopped
     * @param reserved limit of concurrent events over all versions, null for none
     * @param revision what new events of {@code $LATEST} run on, null if there is none yet
     * @param notReady message of its Ready condition if that is False, else null
     */
    public FunctionInfo(
            String namespace,
            String name,
            int timeoutSeconds,
            @Nullable Integer reserved,
            @Nullable String revision,
            @Nullable String notReady) {
        this(namespace, name, timeoutSeconds, reserved, revision, notReady, null, null, null, Integer.MAX_VALUE, "");
    }

    /**
     * A function that lets nobody in itself.
     *
     * @param namespace its namespace
     * @param name its name
     * @param timeoutSeconds after how many seconds an event is stopped
     * @param reserved limit of concurrent events over all versions, null for none
     * @param revision what new events of {@code $LATEST} run on, null if there is none yet
     * @param notReady message of its Ready condition if that is False, else null
     * @param noPods why none of its instances can start, null if nothing hinders them
     * @param async how its asynchronous events are treated, null for Lambda's defaults
     * @param deadLetter where the payload goes of an event of {@code $LATEST} that was given up
     * @param payloadOfSeat bytes of payload that an instance bears for each event that it runs at once
     * @param uid by which it differs from an earlier function of its name
     */
    public FunctionInfo(
            String namespace,
            String name,
            int timeoutSeconds,
            @Nullable Integer reserved,
            @Nullable String revision,
            @Nullable String notReady,
            @Nullable String noPods,
            @Nullable AsyncSettings async,
            @Nullable Target deadLetter,
            int payloadOfSeat,
            String uid) {
        this(
                namespace,
                name,
                timeoutSeconds,
                reserved,
                revision,
                notReady,
                noPods,
                async,
                deadLetter,
                payloadOfSeat,
                uid,
                List.of(),
                null);
    }

    /**
     * The same with a policy and a URL.
     *
     * @param statements who may invoke it besides those whom RBAC lets
     * @param settings how it is called by HTTP clients, null if it is not
     * @return a copy
     */
    public FunctionInfo open(List<Statement> statements, @Nullable UrlSettings settings) {
        return new FunctionInfo(
                namespace,
                name,
                timeoutSeconds,
                reserved,
                revision,
                notReady,
                noPods,
                async,
                deadLetter,
                payloadOfSeat,
                uid,
                statements,
                settings);
    }
}
