package dev.kappa.lambda;

/**
 * How often something may happen: a token bucket, whose state is one number (the generic cell rate algorithm).
 *
 * @param perSecond on average; 0 for as often as one likes
 * @param burst at once
 */
public record Rate(double perSecond, int burst) {
    /** As often as one likes. */
    public static final Rate UNLIMITED = new Rate(0, 1);

    private static final double SECOND = 1e9;

    /**
     * Lets at least one happen at once.
     *
     * @throws IllegalArgumentException for a rate below 0
     */
    public Rate {
        if (!(perSecond >= 0)) {
            throw new IllegalArgumentException("a rate of " + perSecond);
        }
        burst = Math.max(1, burst);
    }

    /**
     * A rate as settings give it.
     *
     * @param perSecond on average; 0 for as often as one likes
     * @param burst at once; 0 for what a second brings
     * @return the rate
     */
    public static Rate of(double perSecond, double burst) {
        return new Rate(perSecond, (int) Math.ceil(burst > 0 ? burst : perSecond));
    }

    /**
     * Whether it limits anything.
     *
     * @return false for as often as one likes
     */
    public boolean isLimited() {
        return perSecond > 0;
    }

    /**
     * Takes one.
     *
     * @param state what was returned last, of a full bucket any time before now
     * @param nowNanos the time, nanoseconds
     * @return the new state: when the bucket will be full again; the old one if there was none to take
     */
    public long take(long state, long nowNanos) {
        long interval = Math.max(1, (long) (SECOND / perSecond));
        long full = state - nowNanos > 0 ? state : nowNanos;
        return full - nowNanos > (burst - 1) * interval ? state : full + interval;
    }
}
