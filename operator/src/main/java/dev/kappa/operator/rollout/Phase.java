package dev.kappa.operator.rollout;

/** Where a rollout stands; a phase leads to the next one, and each but the ends to {@link #ROLLED_BACK}. */
public enum Phase {
    /** Green starts. */
    PREPARING("Preparing"),
    /** The first hook judges green before its first event. */
    PRE_TRAFFIC("PreTraffic"),
    /** Green gets its share, step by step. */
    SHIFTING("Shifting"),
    /** Green gets all events; the second hook judges it. */
    POST_TRAFFIC("PostTraffic"),
    /** Green gets all events; blue is kept warm. */
    BAKING("Baking"),
    /** Green is the alias's version. */
    SUCCEEDED("Succeeded"),
    /** Blue is the alias's version, as before. */
    ROLLED_BACK("RolledBack");

    private final String text;

    Phase(String text) {
        this.text = text;
    }

    /** As the status says it. */
    public String text() {
        return text;
    }

    /** Whether it leads on. */
    public boolean isRunning() {
        return this != SUCCEEDED && this != ROLLED_BACK;
    }

    /**
     * The phase that a status says.
     *
     * @param text of the status
     * @throws IllegalArgumentException if there is no such phase
     */
    public static Phase of(String text) {
        for (Phase phase : values()) {
            if (phase.text.equals(text)) {
                return phase;
            }
        }
        throw new IllegalArgumentException("'" + text + "' is no phase of a rollout");
    }
}
