package dev.kappa.lambda;

import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.security.SecureRandom;
import java.util.UUID;

/**
 * Makes request ids: UUIDs of random numbers that do not repeat, from a generator of each thread (xoshiro256++, seeded by the
 * system), since the system's own generator is one lock for all threads. Who sees some ids can compute others: an id is a name,
 * and no proof of anything.
 */
public final class RequestIds {
    private static final SecureRandom SEEDS = new SecureRandom();
    private static final ThreadLocal<RequestIds> OF_THREAD = ThreadLocal.withInitial(() -> new RequestIds(seed()));

    private static final long VERSION_BITS = 0xF000L;
    private static final long RANDOM = 0x4000L;
    private static final long VARIANT_BITS = 0xC000_0000_0000_0000L;
    private static final long IETF = 0x8000_0000_0000_0000L;

    private long s0;
    private long s1;
    private long s2;
    private long s3;

    private RequestIds(LongBuffer seed) {
        s0 = seed.get();
        s1 = seed.get();
        s2 = seed.get();
        s3 = seed.get();
    }

    /**
     * The next id.
     *
     * @return a UUID of version 4
     */
    public static String next() {
        RequestIds ids = OF_THREAD.get();
        long high = (ids.random() & ~VERSION_BITS) | RANDOM;
        long low = (ids.random() & ~VARIANT_BITS) | IETF;
        return new UUID(high, low).toString();
    }

    private static LongBuffer seed() {
        byte[] seed = new byte[4 * Long.BYTES];
        SEEDS.nextBytes(seed);
        return ByteBuffer.wrap(seed).asLongBuffer();
    }

    private long random() {
        long result = Long.rotateLeft(s0 + s3, 23) + s0;
        long shifted = s1 << 17;
        s2 ^= s0;
        s3 ^= s1;
        s1 ^= s2;
        s0 ^= s3;
        s2 ^= shifted;
        s3 = Long.rotateLeft(s3, 45);
        return result;
    }
}
