package dev.kappa.bench.scale;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Figures, a line each, with a column for each number of functions. */
final class Table {
    private final Map<String, Map<Integer, String>> lines = new LinkedHashMap<>();
    private final Set<Integer> sizes = new LinkedHashSet<>();

    void put(String what, int functions, String figure) {
        sizes.add(functions);
        lines.computeIfAbsent(what, name -> new LinkedHashMap<>()).put(functions, figure);
        System.err.println("    " + functions + " functions: " + what + ": " + figure);
    }

    @Override
    public String toString() {
        List<String> all = new ArrayList<>();
        all.add("| functions |"
                + String.join("", sizes.stream().map(it -> " " + it + " |").toList()));
        all.add("|---|" + "---|".repeat(sizes.size()));
        lines.forEach((what, figures) -> all.add("| " + what + " |"
                + String.join(
                        "",
                        sizes.stream()
                                .map(size -> " " + figures.getOrDefault(size, "") + " |")
                                .toList())));
        return String.join("\n", all);
    }
}
