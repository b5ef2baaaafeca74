package dev.kappa.gateway.catalog;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Draws for a weighted alias. Multiples of the golden ratio fill [0, 1) evenly, so that any stretch of events keeps the
 * weights far closer than independent random numbers do.
 */
final class Spread {
    private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;

    private final AtomicLong next = new AtomicLong(ThreadLocalRandom.current().nextLong());

    /** The next draw, in [0, 1). */
    double draw() {
        return unit(next.getAndAdd(GOLDEN_RATIO));
    }

    /**
     * The draw of a caller, always the same: as the weight grows, callers move once, and none moves back.
     *
     * @param alias full name of the alias, so that a caller is not the first of all of them
     * @param caller what stands for it
     * @return in [0, 1)
     */
    static double sticky(String alias, String caller) {
        long hash = 0xcbf29ce484222325L;
        for (byte octet : (alias + '\n' + caller).getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ octet) * 0x100000001b3L;
        }
        hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
        hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return unit(hash ^ (hash >>> 33));
    }

    private static double unit(long bits) {
        return (bits >>> 11) * 0x1p-53;
    }
}
