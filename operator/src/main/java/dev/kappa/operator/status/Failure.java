package dev.kappa.operator.status;

import dev.kappa.api.v1alpha1.ConditionTypes;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.RetryInfo;
import java.net.HttpURLConnection;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why a reconciliation failed, for the condition and the Event of its resource.
 *
 * @param reason a word for the condition
 * @param message object, cause and remedy, in sentences
 * @param ofPods whether it is that pods cannot be had
 */
public record Failure(String reason, String message, boolean ofPods) {
    /** What passes by itself is told if it did not after so many attempts, which are some ten seconds. */
    private static final int TOLD_AFTER = 6;

    /**
     * Judges an exception.
     *
     * @param e what a reconciler threw
     * @param context of the reconciliation
     * @return empty for what the next attempt is likely to mend
     */
    public static Optional<Failure> of(Exception e, Context<?> context) {
        return of(e, context.getRetryInfo().map(RetryInfo::getAttemptCount).orElse(0));
    }

    /**
     * Judges an exception.
     *
     * @param e what a reconciler threw
     * @param attempt how often it was tried before
     * @return empty for what the next attempt is likely to mend
     */
    static Optional<Failure> of(Exception e, int attempt) {
        return switch (e) {
            case RefusedWriteException refused ->
                Optional.of(new Failure("Refused", text(refused) + "; " + Remedy.of(text(refused)) + ".", true));
            case KubernetesClientException answer
            when answer.getCode() == HttpURLConnection.HTTP_CONFLICT -> Optional.empty();
            case KubernetesClientException answer
            when RefusedWriteException.is(answer) ->
                Optional.of(new Failure(
                        "Refused",
                        "The API server refuses a write: " + said(answer) + "; Kappa tries again by itself.",
                        false));
            case KubernetesClientException answer when attempt < TOLD_AFTER -> Optional.empty();
            case KubernetesClientException answer ->
                Optional.of(new Failure(
                        "ApiServerFails",
                        "The API server does not answer: " + said(answer) + "; Kappa tries again by itself.",
                        false));
            case IllegalStateException wrong -> Optional.of(new Failure("ReconcileFailed", text(wrong) + ".", false));
            default -> attempt < TOLD_AFTER ? Optional.empty() : Optional.of(unknown(e));
        };
    }

    /**
     * The conditions after the failure: what was ready and is not asked for anything else stays ready.
     *
     * @param old conditions so far, null for none
     * @param observed generation that they tell of, null for none
     * @param generation that failed
     * @param now transition time of what changes
     */
    public List<Condition> conditions(
            @Nullable List<Condition> old, @Nullable Long observed, Long generation, Instant now) {
        Conditions merged = new Conditions(old, generation, now);
        boolean isReady = ConditionTypes.find(old, ConditionTypes.READY)
                .filter(it -> Objects.equals(observed, generation))
                .filter(it -> "True".equals(it.getStatus()))
                .isPresent();
        if (!isReady) {
            merged.set(ConditionTypes.READY, false, reason, message);
        }
        for (Condition condition : old == null ? List.<Condition>of() : old) {
            boolean isReplaced = switch (condition.getType()) {
                case ConditionTypes.READY -> !isReady;
                case ConditionTypes.RESOURCES_AVAILABLE -> ofPods;
                case ConditionTypes.RECONCILED -> true;
                default -> false;
            };
            if (!isReplaced) {
                merged.keep(condition);
            }
        }
        if (ofPods) {
            merged.set(ConditionTypes.RESOURCES_AVAILABLE, false, reason, message);
        }
        return merged.set(ConditionTypes.RECONCILED, false, reason, message).list();
    }

    private static Failure unknown(Exception e) {
        return new Failure(
                "ReconcileFailed", "Kappa's operator fails at it: " + e + "; look at the operator's log.", false);
    }

    private static String text(Exception e) {
        String message = String.valueOf(e.getMessage());
        return message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
    }

    /** The API server's own words. */
    static String said(KubernetesClientException e) {
        String message = e.getStatus() == null ? null : e.getStatus().getMessage();
        return message == null ? String.valueOf(e.getMessage()) : message;
    }
}
