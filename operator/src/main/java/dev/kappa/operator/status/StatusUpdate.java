package dev.kappa.operator.status;

import dev.kappa.api.v1alpha1.Alias;
import dev.kappa.api.v1alpha1.AliasStatus;
import dev.kappa.api.v1alpha1.ConditionTypes;
import dev.kappa.api.v1alpha1.FunctionStatus;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes a status only if it changed, and tells of changed conditions in Kubernetes Events. Replica counts alone
 * are written a little later, all changes of that while in one: nobody waits for them, and while many functions start
 * each write takes the CPU from a cold start.
 */
public final class StatusUpdate {
    private static final Duration COUNTS_LATER = Duration.ofSeconds(2);
    private static final Duration FORGOTTEN = Duration.ofMinutes(1);
    private static final List<String> TOLD =
            List.of(ConditionTypes.READY, ConditionTypes.RESOURCES_AVAILABLE, ConditionTypes.RECONCILED);

    private final Events events;
    private final Clock clock;
    private final Map<String, Instant> countsDiffer = new ConcurrentHashMap<>();

    /**
     * Updates with events.
     *
     * @param events where a change is told
     * @param clock the time
     */
    public StatusUpdate(Events events, Clock clock) {
        this.events = events;
        this.clock = clock;
    }

    /**
     * Compares and decides.
     *
     * @param <T> kind of the resource
     * @param resource as it was read
     * @param fresh of the same name, with nothing but the new status
     * @param before the status that it has, null for none
     * @param now the status that it shall have
     */
    public <T extends HasMetadata> UpdateControl<T> of(
            T resource, T fresh, @Nullable FunctionStatus before, FunctionStatus now) {
        String uid = resource.getMetadata().getUid();
        if (before != null && json(before).equals(json(now))) {
            countsDiffer.remove(uid);
            return UpdateControl.noUpdate();
        }
        if (before != null && json(withCountsOf(before, now)).equals(json(before))) {
            Instant since = countsDiffer.computeIfAbsent(uid, it -> clock.instant());
            Duration left = Duration.between(clock.instant(), since.plus(COUNTS_LATER));
            if (left.isPositive()) {
                return UpdateControl.<T>noUpdate().rescheduleAfter(left);
            }
        }
        countsDiffer.remove(uid);
        tell(resource, before == null ? null : before.conditions, now.conditions);
        return UpdateControl.patchStatus(fresh);
    }

    /**
     * Compares and decides for an alias.
     *
     * @param alias as it was read
     * @param fresh of the same name, with nothing but the new status
     */
    public UpdateControl<Alias> of(Alias alias, Alias fresh) {
        AliasStatus before = alias.getStatus();
        AliasStatus now = fresh.getStatus();
        if (before != null && Serialization.asJson(before).equals(Serialization.asJson(now))) {
            return UpdateControl.noUpdate();
        }
        if (before != null && weight(before) != weight(now)) {
            ConditionTypes.find(now.conditions, ConditionTypes.READY).ifPresent(ready -> tell(alias, ready));
        } else {
            tell(alias, before == null ? null : before.conditions, now.conditions);
        }
        // Who read an older alias, a leader of before perhaps, loses.
        fresh.getMetadata().setResourceVersion(alias.getMetadata().getResourceVersion());
        return UpdateControl.patchStatus(fresh);
    }

    /**
     * The same after a failed reconciliation.
     *
     * @param <T> kind of the resource
     * @param update what else would be written
     */
    public static <T extends HasMetadata> ErrorStatusUpdateControl<T> failed(UpdateControl<T> update) {
        return update.getResource()
                .filter(it -> update.isPatchStatus())
                .map(ErrorStatusUpdateControl::patchStatus)
                .orElseGet(ErrorStatusUpdateControl::noStatusUpdate);
    }

    /** Forgets resources that were deleted while their counts were to be written. */
    public void retain() {
        Instant old = clock.instant().minus(FORGOTTEN);
        countsDiffer.values().removeIf(since -> since.isBefore(old));
    }

    private static double weight(AliasStatus status) {
        return status.routing == null ? 0 : status.routing.weight;
    }

    private void tell(HasMetadata resource, @Nullable List<Condition> before, List<Condition> now) {
        Set<String> told = new HashSet<>();
        for (String type : TOLD) {
            ConditionTypes.find(now, type)
                    .filter(it -> isNews(ConditionTypes.find(before, type), it))
                    .filter(it -> told.add(it.getReason()))
                    .ifPresent(it -> tell(resource, it));
        }
    }

    /** Ready is told from its first moment, the others once something was wrong. */
    private static boolean isNews(Optional<Condition> before, Condition now) {
        return before.map(it -> differs(it, now))
                .orElse(ConditionTypes.READY.equals(now.getType()) || "False".equals(now.getStatus()));
    }

    private static FunctionStatus withCountsOf(FunctionStatus before, FunctionStatus now) {
        FunctionStatus status = Serialization.clone(now);
        status.replicas = before.replicas;
        status.readyReplicas = before.readyReplicas;
        if (status.provisioned != null && before.provisioned != null) {
            status.provisioned.allocated = before.provisioned.allocated;
            status.provisioned.available = before.provisioned.available;
        }
        return status;
    }

    private static String json(FunctionStatus status) {
        return Serialization.asJson(status);
    }

    private static boolean differs(Condition before, Condition now) {
        return !Objects.equals(before.getStatus(), now.getStatus())
                || !Objects.equals(before.getReason(), now.getReason());
    }

    private void tell(HasMetadata resource, Condition ready) {
        if (ready.getStatus().equals("False")) {
            events.warning(resource, ready.getReason(), ready.getMessage());
        } else {
            events.normal(resource, ready.getReason(), ready.getMessage());
        }
    }
}
