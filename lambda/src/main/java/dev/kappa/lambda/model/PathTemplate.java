package dev.kappa.lambda.model;

import dev.kappa.lambda.FunctionParameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What the path of an operation looks like, such as {@code /2018-10-31/layers?find=LayerVersion}.
 *
 * @param segments words, labels {@code {Name}}, or at the end a label {@code {Name+}} for all that is left
 * @param query parameters that the query has to have
 */
public record PathTemplate(List<String> segments, Map<String, String> query) {
    private static final Pattern AND = Pattern.compile("&");

    static PathTemplate of(String requestUri) {
        int question = requestUri.indexOf('?');
        Map<String, String> query = new LinkedHashMap<>();
        if (question >= 0) {
            for (String parameter : AND.split(requestUri.substring(question + 1), -1)) {
                int equals = parameter.indexOf('=');
                query.put(parameter.substring(0, equals), parameter.substring(equals + 1));
            }
        }
        return new PathTemplate(split(question < 0 ? requestUri : requestUri.substring(0, question)), query);
    }

    /** The segments of a path, still encoded; older clients add a slash at the end, which counts for nothing. */
    static List<String> split(String path) {
        List<String> segments = new ArrayList<>(Arrays.asList(path.split("/", -1)));
        segments.removeFirst();
        while (!segments.isEmpty() && segments.getLast().isEmpty()) {
            segments.removeLast();
        }
        return segments;
    }

    /**
     * Reads the labels out of a path.
     *
     * @param given segments of the path, still encoded
     * @return decoded values by the labels' names; empty if the path does not look like this
     */
    Optional<Map<String, String>> labels(List<String> given) {
        if (!matches(given)) {
            return Optional.empty();
        }
        Map<String, String> labels = new LinkedHashMap<>();
        for (int i = 0; i < segments.size(); i++) {
            String segment = segments.get(i);
            if (isGreedy(segment)) {
                String rest = String.join("/", given.subList(i, given.size()));
                labels.put(segment.substring(1, segment.length() - 2), FunctionParameters.decode(rest));
            } else if (isLabel(segment)) {
                labels.put(segment.substring(1, segment.length() - 1), FunctionParameters.decode(given.get(i)));
            }
        }
        return Optional.of(labels);
    }

    /** Whether the segments of a path look like this. */
    boolean matches(List<String> given) {
        boolean fits = isGreedy(segments.getLast()) ? given.size() >= segments.size() : given.size() == segments.size();
        for (int i = 0; fits && i < segments.size(); i++) {
            fits = isLabel(segments.get(i)) || segments.get(i).equals(given.get(i));
        }
        return fits;
    }

    private static boolean isLabel(String segment) {
        return segment.startsWith("{");
    }

    private static boolean isGreedy(String segment) {
        return segment.endsWith("+}");
    }

    /** Whether a query has what this one has to have. */
    boolean accepts(CallHead head) {
        return query.entrySet().stream()
                .allMatch(it -> head.queried(it.getKey()).contains(it.getValue()));
    }
}
