package dev.kappa.stores.events;

import com.fasterxml.jackson.annotation.JsonValue;
import org.jspecify.annotations.Nullable;

/**
 * Something that a settled event still has to reach.
 *
 * @param kind why it goes there
 * @param function of the target, null unless it is a function
 * @param qualifier of the target, null unless it is a function
 * @param subject of the target, null unless it is a NATS subject
 * @param location of the target, null unless it is a web hook
 * @param cloudEvents whether a web hook gets a CloudEvent; null is no
 * @param done whether it got there, or was given up
 * @param error why it was given up, null if it was not
 */
public record TargetDelivery(
        Kind kind,
        @Nullable String function,
        @Nullable String qualifier,
        @Nullable String subject,
        @Nullable String location,
        @Nullable Boolean cloudEvents,
        boolean done,
        @Nullable String error) {
    /** Why something goes to a target. */
    public enum Kind {
        /** The payload of an event that was given up. */
        DEAD_LETTER("deadLetter"),
        /** The record of an event that was answered. */
        ON_SUCCESS("onSuccess"),
        /** The record of an event that was given up. */
        ON_FAILURE("onFailure");

        private final String field;

        Kind(String field) {
            this.field = field;
        }

        /**
         * The field of the manifest that asks for it.
         *
         * @return its name
         */
        @JsonValue
        public String field() {
            return field;
        }
    }

    /**
     * Not reached yet.
     *
     * @param kind why it goes there
     * @param target where it goes
     * @return the due
     */
    public static TargetDelivery of(Kind kind, Target target) {
        return switch (target) {
            case Target.Function it ->
                new TargetDelivery(kind, it.name(), it.qualifier(), null, null, null, false, null);
            case Target.Nats it -> new TargetDelivery(kind, null, null, it.subject(), null, null, false, null);
            case Target.Url it ->
                new TargetDelivery(kind, null, null, null, it.location(), it.cloudEvents() ? true : null, false, null);
        };
    }

    /**
     * Where it goes.
     *
     * @return the target
     */
    public Target target() {
        if (function != null && qualifier != null) {
            return new Target.Function(function, qualifier);
        }
        if (subject != null) {
            return new Target.Nats(subject);
        }
        if (location != null) {
            return new Target.Url(location, Boolean.TRUE.equals(cloudEvents));
        }
        throw new IllegalStateException("a due without a target: " + this);
    }

    /**
     * It got there.
     *
     * @return the due that is done
     */
    public TargetDelivery reached() {
        return new TargetDelivery(kind, function, qualifier, subject, location, cloudEvents, true, null);
    }

    /**
     * It will not get there.
     *
     * @param why what is told of it
     * @return the due that is done
     */
    public TargetDelivery givenUp(String why) {
        return new TargetDelivery(kind, function, qualifier, subject, location, cloudEvents, true, why);
    }
}
