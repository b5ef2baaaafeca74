package dev.kappa.api.v1alpha1;

import java.time.Duration;

/** Durations as manifests write them: a number and one of s, m, h. */
public final class Durations {
    private Durations() {}

    /**
     * Reads what a CRD's pattern admits.
     *
     * @param text such as {@code 90s}
     * @throws IllegalArgumentException if it is none
     */
    public static Duration parse(String text) {
        if (!text.matches("[0-9]{1,9}[smh]")) {
            throw new IllegalArgumentException("'" + text + "' is no duration; write a number and one of s, m, h");
        }
        long number = Long.parseLong(text.substring(0, text.length() - 1));
        return switch (text.charAt(text.length() - 1)) {
            case 's' -> Duration.ofSeconds(number);
            case 'm' -> Duration.ofMinutes(number);
            default -> Duration.ofHours(number);
        };
    }
}
