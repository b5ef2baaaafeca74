package dev.kappa.identity;

import java.util.Map;
import javax.crypto.spec.SecretKeySpec;

/**
 * The keys of temporary credentials.
 *
 * @param all by their numbers, from 1 to 99; each opens what it sealed
 * @param sealing number of the one that seals; of no meaning if there is none
 */
public record SessionKeys(Map<Integer, SecretKeySpec> all, int sealing) {
    /** No credentials can be made or opened. */
    public static final SessionKeys NONE = new SessionKeys(Map.of(), 0);

    /** Keeps the keys. */
    public SessionKeys {
        all = Map.copyOf(all);
    }

    /**
     * A key.
     *
     * @param bytes 32 of them, which nobody else knows
     * @return the key
     */
    public static SecretKeySpec key(byte[] bytes) {
        return new SecretKeySpec(bytes, "AES");
    }

    @Override
    public String toString() {
        return "keys " + all.keySet() + ", of which " + sealing + " seals";
    }
}
