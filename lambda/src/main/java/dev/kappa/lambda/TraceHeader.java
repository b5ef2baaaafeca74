package dev.kappa.lambda;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The value of {@code X-Amzn-Trace-Id}: {@code Root=1-<time>-<id>;Parent=<id>;Sampled=0;Lineage=<function>:<runs>|…}. Every event has
 * one, and AWS's SDKs pass that of the event on which they run to what they call; so its last field counts how often a chain of
 * events came through each function.
 */
public final class TraceHeader {
    /** Runs of one function in a chain, as on Lambda; the next one is refused. */
    public static final int MOST_RUNS = 16;

    private static final String LINEAGE = "Lineage=";
    private static final int LONGEST_GIVEN = 1024;
    /** Functions of a chain that are told apart; a longer chain forgets those of its beginning. */
    private static final int KEPT = 16;

    private TraceHeader() {}

    /**
     * What the next run of a chain gets.
     *
     * @param given header of the call, null for the first of a chain
     * @param function what runs, the same text for the same function
     * @param epochSeconds when the call came
     * @return the header with the run counted
     * @throws RefusedException if the chain came through the function too often: 400 RecursiveInvocationException
     */
    public static String next(@Nullable String given, String function, long epochSeconds) {
        String id = HexFormat.of().toHexDigits(function.hashCode());
        if (given == null || given.isEmpty()) {
            return root(epochSeconds) + ";" + LINEAGE + id + ":1";
        }
        int start = given.indexOf(LINEAGE);
        if (start < 0) {
            return given + ";" + LINEAGE + id + ":1";
        }
        int from = start + LINEAGE.length();
        int semicolon = given.indexOf(';', from);
        int end = semicolon < 0 ? given.length() : semicolon;
        return given.substring(0, from) + counted(given.substring(from, end), id) + given.substring(end);
    }

    /**
     * A caller's header, if a runtime could get it as one; else none, as on Lambda.
     *
     * @param header as it came, null for none
     * @return the same or null
     */
    public static @Nullable String given(@Nullable String header) {
        boolean plain = header != null
                && header.length() <= LONGEST_GIVEN
                && header.chars().allMatch(c -> c >= ' ' && c <= '~');
        return plain ? header : null;
    }

    private static String counted(String lineage, String id) {
        String[] all = lineage.split("\\|", -1);
        StringBuilder next = new StringBuilder();
        int runs = 0;
        for (int i = Math.max(0, all.length - KEPT); i < all.length; i++) {
            if (all[i].startsWith(id + ":")) {
                runs = number(all[i].substring(id.length() + 1));
            } else if (!all[i].isEmpty()) {
                next.append(all[i]).append('|');
            }
        }
        if (runs >= MOST_RUNS) {
            throw new RefusedException(AwsError.recursiveInvocation(runs));
        }
        return next.append(id).append(':').append(runs + 1).toString();
    }

    private static int number(String text) {
        try {
            return Math.max(0, Integer.parseInt(text));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static String root(long epochSeconds) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        HexFormat hex = HexFormat.of();
        return "Root=1-" + hex.toHexDigits((int) epochSeconds) + "-" + hex.toHexDigits(random.nextLong())
                + hex.toHexDigits(random.nextInt()) + ";Parent=" + hex.toHexDigits(random.nextLong()) + ";Sampled=0";
    }
}
