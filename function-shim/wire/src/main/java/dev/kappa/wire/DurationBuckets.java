package dev.kappa.wire;

/** Groups durations on a logarithmic scale: each bucket begins 9 % (2^(1/8)) above the one before, the first at 100 µs. */
public final class DurationBuckets {
    private static final double FIRST_US = 100;
    private static final double PER_DOUBLING = 8;

    private DurationBuckets() {}

    /**
     * The bucket of a duration.
     *
     * @param micros the duration in microseconds
     * @return its number, 0 or more
     */
    public static int of(long micros) {
        return micros <= FIRST_US
                ? 0
                : (int) Math.floor(Math.log(micros / FIRST_US) / Math.log(2) * PER_DOUBLING + 1e-9);
    }

    /**
     * Where a bucket begins.
     *
     * @param bucket its number
     * @return microseconds; no duration of this bucket is shorter
     */
    public static long fromMicros(int bucket) {
        return bucket <= 0 ? 0 : Math.round(FIRST_US * Math.pow(2, bucket / PER_DOUBLING));
    }
}
