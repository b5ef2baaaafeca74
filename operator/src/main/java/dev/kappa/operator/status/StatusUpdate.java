package dev.kappa.operator.status;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes a status only if it changed, and tells of a changed Ready condition in a Kubernetes Event. */
public final class StatusUpdate {
    private final Events events;

    /**
     * Updates with events.
     *
     * @param events where a change is told
     */
    public StatusUpdate(Events events) {
        this.events = events;
    }

    /**
     * Compares and decides.
     *
     * @param <T> kind of the resource
     * @param resource as it was read
     * @param fresh of the same name, with nothing but the new status
     * @param oldStatus what it had, null for none
     * @param newStatus what it shall have
     * @param oldConditions of oldStatus, null for none
     * @param newConditions of newStatus
     */
    public <T extends HasMetadata> UpdateControl<T> of(
            T resource,
            T fresh,
            @Nullable Object oldStatus,
            Object newStatus,
            @Nullable List<Condition> oldConditions,
            List<Condition> newConditions) {
        if (oldStatus != null && Serialization.asJson(oldStatus).equals(Serialization.asJson(newStatus))) {
            return UpdateControl.noUpdate();
        }
        Optional<Condition> before = Conditions.find(oldConditions, Conditions.READY);
        Conditions.find(newConditions, Conditions.READY)
                .filter(now -> before.isEmpty() || differs(before.get(), now))
                .ifPresent(now -> tell(resource, now));
        return UpdateControl.patchStatus(fresh);
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
