package dev.kappa.bench;

import java.util.Arrays;
import java.util.Locale;

/** Durations in nanoseconds. */
public final class Samples {
    private long[] nanos = new long[1024];
    private int size;

    public void add(long duration) {
        if (size == nanos.length) {
            nanos = Arrays.copyOf(nanos, size * 2);
        }
        nanos[size++] = duration;
    }

    public void addTo(Samples all) {
        for (int i = 0; i < size; i++) {
            all.add(nanos[i]);
        }
    }

    /** Nearest rank, in milliseconds. */
    public double percentile(int percent) {
        if (size == 0) {
            throw new IllegalStateException("nothing was measured");
        }
        long[] sorted = Arrays.copyOf(nanos, size);
        Arrays.sort(sorted);
        return sorted[Math.max(0, Math.ceilDiv(percent * size, 100) - 1)] / 1e6;
    }

    /** The percentile in words. */
    public String text(int percent) {
        return format(percentile(percent));
    }

    static String format(double milliseconds) {
        return String.format(Locale.ROOT, milliseconds < 10 ? "%.2f ms" : "%.0f ms", milliseconds);
    }

    static String ratio(double kappa, double reference) {
        return String.format(Locale.ROOT, "%.2f x", kappa / reference);
    }
}
