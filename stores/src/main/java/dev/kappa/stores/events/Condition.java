package dev.kappa.stores.events;

import com.fasterxml.jackson.annotation.JsonValue;

/** How an asynchronous event ended; the first four are Lambda's names. */
public enum Condition {
    /** The function answered. */
    SUCCESS("Success"),
    /** It failed as often as it may. */
    RETRIES_EXHAUSTED("RetriesExhausted"),
    /** Its next run would come after its maximum age. */
    EVENT_AGE_EXCEEDED("EventAgeExceeded"),
    /** The function is switched off. */
    ZERO_RESERVED_CONCURRENCY("ZeroReservedConcurrency"),
    /** The function was deleted while the event waited. */
    FUNCTION_DELETED("FunctionDeleted"),
    /** What the queue kept is no event. */
    UNREADABLE("Unreadable");

    private final String words;

    Condition(String words) {
        this.words = words;
    }

    /**
     * The name that records and callers see.
     *
     * @return in Lambda's spelling
     */
    @JsonValue
    public String words() {
        return words;
    }

    /**
     * Whether the event was given up.
     *
     * @return false for a success
     */
    public boolean isFailure() {
        return this != SUCCESS;
    }
}
