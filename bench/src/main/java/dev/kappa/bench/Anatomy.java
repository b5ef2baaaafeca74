package dev.kappa.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The parts of cold starts as the gateway tells them; an answer leaves out a part that the gateway does not know. */
final class Anatomy {
    private static final Pattern PART = Pattern.compile("([a-z]+)=([0-9.]+)");

    private final Map<String, List<Double>> parts = new LinkedHashMap<>();

    /** Adds the value of {@code X-Kappa-Cold-Start}. */
    void add(String header) {
        Matcher part = PART.matcher(header);
        while (part.find()) {
            parts.computeIfAbsent(part.group(1), name -> new ArrayList<>()).add(Double.parseDouble(part.group(2)));
        }
    }

    /** Each part with its mean over the answers that told it, in milliseconds, in the order of their happening. */
    String means() {
        record Mean(String part, double ms) {}
        return parts.entrySet().stream()
                .map(part -> new Mean(part.getKey(), mean(part.getValue())))
                .sorted(Comparator.comparingDouble(Mean::ms))
                .map(mean -> mean.part() + " " + Math.round(mean.ms()))
                .collect(Collectors.joining(", "));
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }
}
