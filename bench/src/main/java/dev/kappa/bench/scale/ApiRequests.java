package dev.kappa.bench.scale;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Requests that the API server has answered, by verb and resource.
 *
 * @param counts of each kind
 */
record ApiRequests(Map<String, Double> counts) {
    private static final Pattern SERIES = Pattern.compile("(?m)^apiserver_request_total\\{([^}]*)} ([0-9.e+]+)$");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"([^\"]*)\"");
    private static final double RARE = 0.05;

    static ApiRequests now(KubernetesClient client) {
        return of(client.raw("/metrics"));
    }

    static ApiRequests of(String metrics) {
        Map<String, Double> counts = new TreeMap<>();
        Matcher series = SERIES.matcher(metrics);
        while (series.find()) {
            Map<String, String> labels = new TreeMap<>();
            Matcher label = LABEL.matcher(series.group(1));
            while (label.find()) {
                labels.put(label.group(1), label.group(2));
            }
            String verb = labels.getOrDefault("verb", "").toLowerCase(Locale.ROOT);
            String sub = labels.getOrDefault("subresource", "");
            if (!verb.equals("watch") && !labels.getOrDefault("resource", "").isEmpty()) {
                counts.merge(
                        verb + " " + labels.get("resource") + (sub.isEmpty() ? "" : "/" + sub),
                        Double.parseDouble(series.group(2)),
                        Double::sum);
            }
        }
        return new ApiRequests(counts);
    }

    ApiRequests since(ApiRequests before) {
        Map<String, Double> more = new TreeMap<>();
        counts.forEach((kind, count) -> more.put(kind, count - before.counts.getOrDefault(kind, 0.0)));
        return new ApiRequests(more);
    }

    double total() {
        return counts.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    /** For each of so many, the most frequent first. */
    String each(int of) {
        return counts.entrySet().stream()
                .filter(it -> it.getValue() / of >= RARE)
                .sorted(Comparator.comparingDouble((Map.Entry<String, Double> it) -> -it.getValue()))
                .map(it -> String.format(Locale.ROOT, "%s %.1f", it.getKey(), it.getValue() / of))
                .collect(Collectors.joining(", "));
    }
}
