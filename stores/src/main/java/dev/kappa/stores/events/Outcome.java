package dev.kappa.stores.events;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The one way in which an event ended: whoever writes it first decides, and everybody else finishes what it says.
 *
 * @param requestId of the event
 * @param namespace of the function
 * @param function its name
 * @param version that it ran on
 * @param condition how it ended
 * @param invocations how often it ran
 * @param receivedAtMs epoch milliseconds
 * @param endedAtMs epoch milliseconds
 * @param statusCode of the last run, 0 if there was none
 * @param functionError {@code Unhandled} if the last run was an error of the function, else null
 * @param response answer or error object of the last run, null if nobody needs it
 * @param due where it has to go
 * @param kept whether it was put among the dead letters after a target did not take it; one that failed is put there in any case
 */
public record Outcome(
        String requestId,
        String namespace,
        String function,
        String version,
        Condition condition,
        int invocations,
        long receivedAtMs,
        long endedAtMs,
        int statusCode,
        @Nullable String functionError,
        @Nullable String response,
        List<TargetDelivery> due,
        boolean kept) {
    /**
     * One of the dues is done.
     *
     * @param done as it is now
     * @return the outcome with it
     */
    public Outcome with(TargetDelivery done) {
        return with(due.stream().map(it -> it.kind() == done.kind() ? done : it).toList(), kept);
    }

    /**
     * It is among the dead letters.
     *
     * @return the outcome that says so
     */
    public Outcome asKept() {
        return with(due, true);
    }

    private Outcome with(List<TargetDelivery> dueNow, boolean keptNow) {
        return new Outcome(
                requestId,
                namespace,
                function,
                version,
                condition,
                invocations,
                receivedAtMs,
                endedAtMs,
                statusCode,
                functionError,
                response,
                dueNow,
                keptNow);
    }
}
