package dev.kappa.jetstream;

/**
 * The size of an event, rounded up by an eighth at most, so that there are few different ones.
 *
 * @param units of {@link #UNIT} bytes
 */
record EventSize(long units) {
    static final int UNIT = 128;

    private static final int DIGITS = 4;

    static EventSize of(long bytes) {
        long units = Math.max(1, (bytes + UNIT - 1) / UNIT);
        int shift = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(units) - DIGITS);
        return new EventSize((units + (1L << shift) - 1) >> shift << shift);
    }

    long bytes() {
        return units * UNIT;
    }
}
